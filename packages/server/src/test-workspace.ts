/** A workspace for the tests of the transport: bytes, events and failures that a real one gives rarely or slowly. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type JobEvent,
  MalachiteError,
  type Operation,
  operations,
  type Ports,
  portNames,
  type Supports,
  supportsAll,
  type Workspace,
} from '@malachite/core';

export type TransportLog = {
  /** Bytes of the last upload, and whether they came in pieces. */
  uploaded: number;
  chunks: number;
  /** Uploads whose sender left. */
  failedUploads: number;
  /** Event streams that the server reads now. */
  reading: number;
  /** `after` of every event stream that was asked for. */
  resumedAfter: (number | undefined)[];
};

/** Offers what the transport tests call; everything else is `NotSupported`, as an adapter says it. */
export function transportWorkspace(): { readonly workspace: Workspace; readonly log: TransportLog } {
  const log: TransportLog = { uploaded: 0, chunks: 0, failedUploads: 0, reading: 0, resumedAfter: [] };
  const offered: { readonly [P in keyof Ports]?: Partial<Ports[P]> } = {
    datastore: {
      async put(content) {
        const hash = createHash('sha256');
        log.uploaded = 0;
        log.chunks = 0;
        try {
          for await (const chunk of content) {
            if (String(chunk).startsWith('too much')) throw Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
            if (String(chunk).startsWith('unlucky')) throw new Error('EIO: secret path /home/x');
            hash.update(chunk);
            log.uploaded += chunk.byteLength;
            log.chunks += 1;
          }
        } catch (thrown) {
          log.failedUploads += 1;
          throw thrown;
        }
        return { sha256: hash.digest('hex'), sizeBytes: log.uploaded };
      },
      async *get({ sha256 }) {
        if (sha256.startsWith('0')) throw new MalachiteError('NotFound', `Nothing is kept under ${sha256}.`);
        if (sha256.startsWith('e')) return;
        for (let part = 0; part < 64; part += 1) {
          if (sha256.startsWith('b') && part === 32) throw new Error('the disk went away');
          yield new Uint8Array(65_536).fill(part);
        }
      },
    },
    datasets: {
      async preview(input) {
        return { columns: [{ name: JSON.stringify(input), type: 'string' }], rows: [] };
      },
      async get({ name }) {
        if (name === 'broken') throw new TypeError('secret path /home/x');
        throw new MalachiteError('NotFound', `Dataset "${name}" does not exist.`);
      },
      async archive() {},
    },
    compute: { create: async (input) => ({ ...input, input }) as never, list: async () => [] },
    training: {
      submit: async (input) => ({ input }) as never,
      events: ({ name, after }) => jobEvents(name, after, log),
    },
  };
  const ports = portNames.map((port) => {
    const methods = Object.keys(operations[port] as Record<string, Operation>);
    const absent = methods.map((method) => [method, notSupported(`${port}.${method}`)]);
    return [port, { ...Object.fromEntries(absent), ...offered[port] }];
  });
  const supports = Object.fromEntries(Object.keys(supportsAll).map((ability) => [ability, false])) as Supports;
  const workspace: Workspace = {
    name: 'transport',
    backend: 'local',
    supports,
    ...(Object.fromEntries(ports) as Ports),
    async close() {},
  };
  return { workspace, log };
}

const notSupported = (name: string) => async () => {
  throw new MalachiteError('NotSupported', `${name} is not offered here.`);
};

/**
 * Five events of job "short", and of "slow", whose first comes late; of "endless" as many, a moment apart, until the
 * reader leaves; "failing" fails after two.
 */
async function* jobEvents(name: string, after: number | undefined, log: TransportLog): AsyncGenerator<JobEvent> {
  if (name === 'absent') throw new MalachiteError('NotFound', 'Job "absent" does not exist.');
  log.resumedAfter.push(after);
  log.reading += 1;
  try {
    if (name === 'slow') await delay(250);
    for (let sequence = (after ?? 0) + 1; name === 'endless' || sequence <= 5; sequence += 1) {
      if (name === 'failing' && sequence === 3) throw new MalachiteError('Failed', 'The job was lost.');
      yield { sequence, time: '2026-01-01T00:00:00.000Z', type: 'log', level: 'info', message: `line ${sequence}\nüber 日本` };
      if (name === 'endless') await delay(5);
    }
  } finally {
    log.reading -= 1;
  }
}
