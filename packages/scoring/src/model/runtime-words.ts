/** What ONNX Runtime says of a fault, without where in its sources it says so. */

/** `/onnxruntime_src/core/graph/model.cc:202`, and what follows up to the parameters of the function it is in. */
const PLACE = /\/?\S+\.(?:cc|h|cpp|hpp):\d+ [^(]*/g;

const LONGEST = 400;

/** @param thrown by the runtime; its words may go over several lines */
export function runtimeWords(thrown: unknown): string {
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).replaceAll(/\s+/g, ' ');
  let words = '';
  let from = 0;
  for (const { 0: place, index } of message.matchAll(PLACE)) {
    // One function's parameters may name another place.
    if (index < from) continue;
    words += message.slice(from, index);
    from = afterParameters(message, index + place.length);
  }
  const told = (words + message.slice(from)).replaceAll('  ', ' ').trim();
  return (told === '' ? message : told).slice(0, LONGEST);
}

/** Past a bracket and all inside it, and what may follow the parameters of a C++ function. */
function afterParameters(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')') depth--;
    if (depth === 0) return at + 1 + (/^(?: const)?(?: \[with [^\]]*\])?/.exec(text.slice(at + 1))?.[0].length ?? 0);
  }
  return text.length;
}
