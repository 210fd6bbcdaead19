/** `malachite serve` as a process of its own, under attack: what it answers, what it writes to its log, and what memory it holds. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { heard, testCli } from '../../packages/malachite/src/test-cli.ts';

export interface Served {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  /** All that the process has written. */
  log(): string;
  /** Resident memory of the process that answers, in MB. */
  memory(): number;
  /** And so is what answers: it has not been started again. */
  isAlive(): boolean;
  /** A connection of bytes. */
  connect(): Socket;
  close(): Promise<void>;
}

/** @param bytes the model; by default one with a column of every type */
export async function served(bytes: Uint8Array = everyType()): Promise<Served> {
  const cli = await testCli();
  const model = 'attacked';
  const path = join(cli.home, `${model}.onnx`);
  await writeFile(path, bytes);
  const key = 'SecretKeyThatBelongsIntoNoLog012';
  const child = cli.start(['serve', path, '--port', '0', '--key', key]);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const serving = heard(child, 'stderr', 'malachite - Serving');
  const said = await heard(child, 'stdout', 'READY');
  const host = Number(/I \[(\d+)\] malachite - Serving/.exec(await serving)?.[1]);
  const uri = new URL(/^URI\s+(\S+)$/m.exec(said)?.[1] as string);
  return {
    url: uri.origin,
    key,
    model,
    log: () => log,
    memory: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${host}/status`, 'utf8'))?.[1]) / 1024,
    isAlive: () => child.exitCode === null && child.signalCode === null && !log.includes('it is started again'),
    connect: () => connect(Number(uri.port), uri.hostname),
    async close() {
      child.kill('SIGINT');
      await cli.remove();
    },
  };
}

/** Adds up its columns, of a type each. */
function everyType(): Uint8Array {
  const graph = new GraphBuilder();
  const numbers = (['int64', 'int32', 'double', 'float', 'bool'] as const).map((type) =>
    graph.node('Cast', [graph.input(type === 'float' ? 'emp_var_rate' : type, type, [null, 1])], { to: 1 }),
  );
  const code = graph.node(
    'LabelEncoder',
    [graph.input('job', 'string', [null, 1])],
    { keys_strings: ['clerk'], values_floats: [1], default_float: 0 },
    { domain: 'ai.onnx.ml' },
  );
  graph.output(graph.node('Sum', [...numbers, code]), 'variable', 'float', [null, 1]);
  return encodeModel(graph.toModel({ graphName: 'attacked', producerName: 'test', producerVersion: '1' }));
}

/** Sends bytes on a connection of their own. @returns all that came until the server ended it, or `quiet` milliseconds passed in silence */
export function exchange(server: Served, bytes: string | Buffer, quiet = 400): Promise<string> {
  return new Promise((resolve) => {
    const socket = server.connect();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    const end = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.setTimeout(quiet, end);
    socket.on('error', () => {});
    socket.on('close', end);
    socket.write(bytes);
  });
}
