/** A process that asks addresses over and over on some connections, and prints what came of it: JSON in, JSON out. */
import { Agent as HttpAgent, request as http } from 'node:http';
import { Agent as HttpsAgent, request as https } from 'node:https';

export type Asking = {
  /** Asked one after the other at each turn. */
  readonly urls: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly authorization: string;
  readonly body?: string;
  readonly ca?: string;
  readonly connections: number;
  readonly seconds: number;
  /** Milliseconds from one turn of a connection to its next; without it, at once. */
  readonly every?: number;
};

export type Asked = {
  readonly answered: number;
  readonly failed: number;
  /** Milliseconds from a request to the end of its answer. */
  readonly medianMs: number;
};

const asking = JSON.parse(process.argv[2] ?? '{}') as Asking;
const { urls, method, authorization, body, ca, connections, seconds, every = 0 } = asking;
const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true, ca }) };
const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
const end = performance.now() + 1000 * seconds;
const taken: number[] = [];
let failed = 0;

const ask = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const begun = performance.now();
    const protocol = url.startsWith('https') ? 'https:' : 'http:';
    const call = (protocol === 'https:' ? https : http)(url, { method, agent: agents[protocol], headers }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200) taken.push(performance.now() - begun);
        else failed += 1;
        resolve();
      });
    });
    call.once('error', () => {
      failed += 1;
      resolve();
    });
    call.end(body);
  });

async function connection(index: number): Promise<void> {
  // Pollers do not all ask at the same moment.
  await new Promise((resolve) => setTimeout(resolve, (every * index) / connections));
  while (performance.now() < end) {
    const begun = performance.now();
    for (const url of urls) await ask(url);
    const rest = every - (performance.now() - begun);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(rest, end - performance.now()))));
  }
}

await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
for (const agent of Object.values(agents)) agent.destroy();
const medianMs = taken.toSorted((a, b) => a - b)[taken.length >> 1] ?? Number.NaN;
process.stdout.write(JSON.stringify({ answered: taken.length, failed, medianMs } satisfies Asked));
