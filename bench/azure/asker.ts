/** A process that asks one address over and over on some connections, and prints how many answers it had: JSON in, JSON out. */
import { Agent as HttpAgent, request as http } from 'node:http';
import { Agent as HttpsAgent, request as https } from 'node:https';

export type Asking = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly authorization: string;
  readonly body?: string;
  readonly ca?: string;
  readonly connections: number;
  readonly seconds: number;
  /** Milliseconds from one request of a connection to its next; without it, at once. */
  readonly every?: number;
};

const asking = JSON.parse(process.argv[2] ?? '{}') as Asking;
const { url, method, authorization, body, ca, connections, seconds, every = 0 } = asking;
const isSecure = url.startsWith('https');
const agent = isSecure ? new HttpsAgent({ keepAlive: true, ca }) : new HttpAgent({ keepAlive: true });
const headers = { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
const end = performance.now() + 1000 * seconds;
let answered = 0;
let failed = 0;

const ask = (): Promise<void> =>
  new Promise((resolve) => {
    const call = (isSecure ? https : http)(url, { method, agent, headers }, (answer) => {
      if (answer.statusCode === 200) answered += 1;
      else failed += 1;
      answer.resume().once('end', resolve);
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
    await ask();
    const rest = every - (performance.now() - begun);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(rest, end - performance.now())));
  }
}

await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
agent.destroy();
process.stdout.write(JSON.stringify({ answered, failed }));
