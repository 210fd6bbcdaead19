/**
 * "Something about X changed": how readers inside one process follow what the database holds, without polling.
 *
 * The database stays the only truth: a change carries no data, it only says "look again". A reader that looks, finds
 * nothing new and then waits can miss nothing, because `look` counts changes from before it looked.
 */

export type Changes = {
  /** Says that what `topic` names has changed; call it after the commit. */
  changed(topic: string): void;
  /**
   * Calls `read` now and after every change of `topic`, yielding what it returns, until `over` was true before a read: what
   * was there to read at the end is yielded too. A workspace that closes ends it at once.
   */
  follow<T>(topic: string, read: () => readonly T[], over: () => boolean): AsyncGenerator<T, void, undefined>;
  /** Ends every follower. */
  close(): void;
};

type Topic = { version: number; readers: number; wake: Set<() => void> };

export function openChanges(): Changes {
  const topics = new Map<string, Topic>();
  let closed = false;

  const topicOf = (name: string): Topic => {
    let topic = topics.get(name);
    if (!topic) {
      topic = { version: 0, readers: 0, wake: new Set() };
      topics.set(name, topic);
    }
    return topic;
  };
  const wakeAll = (topic: Topic): void => {
    topic.version++;
    const waiting = [...topic.wake];
    topic.wake.clear();
    for (const wake of waiting) wake();
  };

  return {
    changed(name) {
      const topic = topics.get(name);
      if (topic) wakeAll(topic);
    },
    async *follow(name, read, over) {
      const topic = topicOf(name);
      topic.readers++;
      try {
        while (true) {
          if (closed) return;
          const { version } = topic;
          const last = over();
          yield* read();
          if (last) return;
          if (topic.version === version) await new Promise<void>((wake) => topic.wake.add(wake));
        }
      } finally {
        topic.readers--;
        if (topic.readers === 0) topics.delete(name);
      }
    },
    close() {
      closed = true;
      for (const topic of topics.values()) wakeAll(topic);
    },
  };
}
