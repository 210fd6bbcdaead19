/** One model behind the scoring protocol, with nothing else around it. */
import cluster from 'node:cluster';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { basename, extname } from 'node:path';
import type { Command, Context } from '../cli/command.ts';
import { readModelFile } from '../model-file/read-model-file.ts';
import { startScoringWorkers } from '../serving/scoring-workers.ts';

export const serve: Command = {
  name: 'serve',
  describe: 'Serve one ONNX model, or an MLflow model folder, over HTTP.',
  arguments: [['<model>', 'An ONNX file, or an MLflow model folder with the onnx flavour.']],
  options: [
    { flags: '--port <port>', describe: 'Where it listens; 0 takes a free one. Default 5001.' },
    { flags: '--host <address>', describe: 'Default 127.0.0.1.' },
    { flags: '--key <key>', describe: 'The bearer key. Default: a new one, which is printed.' },
    { flags: '--no-auth', describe: 'Ask for no key.' },
    { flags: '--workers <n>', describe: 'Processes that answer. Default 1.' },
  ],
  example: 'malachite serve best_model.onnx --key secret',
  handlesInterrupt: true,
  async run(context) {
    const { flags, print, signal } = context;
    const key = flags.is('no-auth') ? undefined : (flags.text('key') ?? newKey());
    const host = flags.text('host') ?? '127.0.0.1';
    const workers = flags.integer('workers', { min: 1, max: 64 }) ?? 1;
    // The primary reads the model too, so that what is wrong with it is said once.
    const bytes = await readModelFile(context.arguments[0] ?? '');
    const server =
      workers > 1 && cluster.isPrimary
        ? await startScoringWorkers(workers, key === undefined ? {} : { MALACHITE_KEY: key })
        : await startServer(context, bytes, host, key);
    try {
      if (cluster.isPrimary) {
        const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
        print(`URI   ${url}/score`);
        print(`Key   ${key ?? 'none is asked for'}`);
        print(`Docs  ${url}/docs`);
        print('READY');
      }
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await server.close();
    }
  },
};

async function startServer(
  { flags, arguments: [path = ''], note }: Context,
  bytes: Uint8Array,
  host: string,
  key: string | undefined,
) {
  const port = flags.integer('port', { min: 0, max: 65_535 }) ?? 5001;
  const { loadModel, startScoringServer } = await import('@malachite/scoring');
  const model = await loadModel(bytes);
  if (cluster.isPrimary) for (const change of model.rewritten) note(change);
  const server = await startScoringServer({
    port,
    host,
    serviceName: basename(path, extname(path)),
    keys: key === undefined ? null : { primary: key, secondary: '' },
    deployments: [{ name: 'default', model, traffic: 100 }],
    onLog: note,
  });
  return {
    port: server.port,
    async close() {
      await server.close();
      await model.close();
    },
  };
}

/** 32 letters and digits, as Azure's keys are. */
function newKey(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join('');
}
