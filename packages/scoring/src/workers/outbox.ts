/** What is to be said in one turn of the event loop leaves in one message: a message costs as much as the scoring of a row. */
export function outbox<T>(send: (items: readonly T[]) => void): (item: T) => void {
  let waiting: T[] = [];
  const flush = (): void => {
    const items = waiting;
    waiting = [];
    send(items);
  };
  return (item) => {
    if (waiting.push(item) === 1) setImmediate(flush);
  };
}
