/**
 * Sends requests at a steady rate and prints how long answers took, for `steadyLoad`. A request has a moment at which it is due; when no
 * connection is free it waits, and the wait counts: a server that stalls is not spared the requests of that time.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

interface Given {
  readonly port: number;
  readonly key: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
}

const { port, key, body, connections, seconds, rate } = JSON.parse(process.argv[2] ?? '{}') as Given;
const head = [
  'POST /score HTTP/1.1',
  `host: 127.0.0.1:${port}`,
  'content-type: application/json',
  `authorization: Bearer ${key}`,
  `content-length: ${Buffer.byteLength(body)}`,
];
const request = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);

const free: Socket[] = [];
/** When each waiting request was due. */
const waiting: number[] = [];
const latencies: number[] = [];
let failed = 0;

for (let i = 0; i < connections; i++) {
  const socket = connect({ port, noDelay: true });
  await once(socket, 'connect');
  free.push(socket);
}

function send(socket: Socket, due: number): void {
  let answer = '';
  const onData = (chunk: Buffer): void => {
    answer += chunk.toString('latin1');
    const headEnd = answer.indexOf('\r\n\r\n');
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1]);
    if (headEnd === -1 || answer.length < headEnd + 4 + length) return;
    socket.off('data', onData);
    latencies.push(performance.now() - due);
    if (!answer.startsWith('HTTP/1.1 200')) failed++;
    const next = waiting.shift();
    if (next === undefined) free.push(socket);
    else send(socket, next);
  };
  socket.on('data', onData);
  socket.write(request);
}

const started = performance.now();
const total = Math.round(rate * seconds);
let sent = 0;
// Timers are too coarse: every turn of the event loop sends what has become due.
for (; sent < total; await new Promise(setImmediate)) {
  for (const now = performance.now(); sent < total && started + (sent / rate) * 1000 <= now; sent++) {
    const due = started + (sent / rate) * 1000;
    const socket = free.pop();
    if (socket === undefined) waiting.push(due);
    else send(socket, due);
  }
}
while (latencies.length < total) await new Promise(setImmediate);

latencies.sort((a, b) => a - b);
const quantile = (share: number): number | undefined => latencies[Math.floor(latencies.length * share)];
const took = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ seconds: took, answered: total, failed, p50: quantile(0.5), p99: quantile(0.99) }));
process.exit(0);
