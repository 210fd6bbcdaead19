/** One model behind the scoring protocol, with nothing else around it. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { Command, Context } from '../cli/command.ts';
import { findServed, type Served, type Source } from '../serving/open-served.ts';

export const serve: Command = {
  name: 'serve',
  describe: 'Serve one ONNX model, an MLflow model folder, or a scoring script, over HTTP.',
  arguments: [['[model]', 'An ONNX file or an MLflow model folder; with --score, what the script finds in AZUREML_MODEL_DIR.']],
  options: [
    { flags: '--port <port>', describe: 'Where it listens; 0 takes a free one. Default 5001.' },
    { flags: '--host <address>', describe: 'Default 127.0.0.1.' },
    { flags: '--key <key>', describe: 'The bearer key. Default: a new one, which is printed.' },
    { flags: '--no-auth', describe: 'Ask for no key.' },
    {
      flags: '--workers <n>',
      describe:
        'Processes that answer. Default 1: the model is in the server itself, and a crash of the runtime ends it. From 2 on, one that crashes is replaced.',
    },
    { flags: '--score <script>', describe: 'score.py, score.ts or score.js with init() and run(data).' },
    { flags: '--python <path>', describe: 'The Python of score.py: an interpreter or a virtual environment. Default python3.' },
    { flags: '--scoring-timeout-ms <ms>', describe: 'How long a script may take for one request. Default 3600000.' },
  ],
  example: 'malachite serve best_model.onnx --key secret',
  handlesInterrupt: true,
  async run(context) {
    const { flags, print, signal } = context;
    const key = flags.is('no-auth') ? undefined : (flags.text('key') ?? newKey());
    const host = flags.text('host') ?? '127.0.0.1';
    const workers = flags.integer('workers', { min: 1, max: 64 }) ?? 1;
    const source = await findServed({
      model: context.arguments[0],
      score: flags.text('score'),
      python: flags.text('python'),
      timeoutMs: flags.integer('scoring-timeout-ms', { min: 1 }) ?? fromContainer(context.env.SCORING_TIMEOUT_MS),
    });
    const server = await startServer(context, source, host, key, workers);
    try {
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
      print(`URI   ${url}/score`);
      print(`Key   ${key ?? 'none is asked for'}`);
      print(`Docs  ${url}/docs`);
      print('READY');
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await server.close();
    }
  },
};

/** @param workers processes of a script, or of a model; one model alone runs in this process */
async function startServer({ flags, note }: Context, source: Source, host: string, key: string | undefined, workers: number) {
  const port = flags.integer('port', { min: 0, max: 65_535 }) ?? 5001;
  const { startScoringServer } = await import('@malachite/scoring');
  const served = source.kind === 'script' ? await source.start(workers, note) : await startModel(source.bytes, workers, note);
  try {
    const server = await startScoringServer({
      port,
      host,
      serviceName: source.name,
      keys: key === undefined ? null : { primary: key, secondary: '' },
      deployments: [{ name: 'default', model: served.model, traffic: 100 }],
      corsOrigins: process.env.AML_CORS_ORIGINS,
      onLog: note,
    });
    return {
      port: server.port,
      async close() {
        await server.close();
        await served.close();
      },
    };
  } catch (error) {
    await served.close();
    throw error;
  }
}

/** The model in this process, or in as many as asked for, as an endpoint has it. */
async function startModel(bytes: Uint8Array, workers: number, note: (line: string) => void): Promise<Served> {
  const { instancePool, loadModel, startInstances } = await import('@malachite/scoring');
  if (workers === 1) {
    const model = await loadModel(bytes, { secondThread: true });
    for (const change of model.rewritten) note(change);
    return { model, close: () => model.close() };
  }
  const pool = instancePool();
  const model = await startInstances({ model: bytes, count: workers, pool, onLog: note });
  for (const change of model.rewritten) note(change);
  return {
    model,
    async close() {
      pool.close();
      await model.close();
    },
  };
}

/** A variable of the real container. */
function fromContainer(text: string | undefined): number | undefined {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** 32 letters and digits, as Azure's keys are. */
function newKey(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join('');
}
