/** One model behind the scoring protocol, with nothing else around it. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { isLoopback } from '@malachite/core/loopback';
import type { Probe } from '@malachite/scoring';
import { openListener } from '@malachite/scoring/listener';
import { type HostPool, hostPool, type SupervisedHost, superviseHost } from '@malachite/scoring/supervision';
import type { Command, Context } from '../cli/command.ts';
import { livenessFlag, readLiveness } from '../serving/liveness-flag.ts';
import { findServed, type Source } from '../serving/open-served.ts';

/** `SCORING_TIMEOUT_MS` of the real container. */
const SCORING_TIMEOUT_MS = 3_600_000;
/** What processes print goes where the log goes. */
const STDERR = 2;

export const serve: Command = {
  name: 'serve',
  describe: 'Serve one ONNX model, an MLflow model folder, or a scoring script, over HTTP.',
  arguments: [['[model]', 'An ONNX file or an MLflow model folder; with --score, what the script finds in AZUREML_MODEL_DIR.']],
  options: [
    { flags: '--port <port>', describe: 'Where it listens; 0 takes a free one. Default 5001.' },
    { flags: '--host <address>', describe: 'Default 127.0.0.1.' },
    { flags: '--key <key>', describe: 'The bearer key. Default: a new one, which is printed.' },
    { flags: '--no-auth', describe: 'Ask for no key.' },
    { flags: '--workers <n>', describe: 'Processes that answer. Default 1. One that crashes is replaced within a second.' },
    { flags: '--score <script>', describe: 'score.py, score.ts or score.js with init() and run(data).' },
    { flags: '--python <path>', describe: 'The Python of score.py: an interpreter or a virtual environment. Default python3.' },
    {
      flags: '--scoring-timeout-ms <ms>',
      describe: `How long a script may take for one request. Default ${SCORING_TIMEOUT_MS}.`,
    },
    livenessFlag,
  ],
  example: 'malachite serve best_model.onnx --key secret',
  handlesInterrupt: true,
  async run(context) {
    const { flags, print, signal, warn } = context;
    const key = flags.is('no-auth') ? undefined : (flags.text('key') ?? newKey());
    const address = flags.text('host') ?? '127.0.0.1';
    const asked = flags.integer('port', { min: 0, max: 65_535 }) ?? 5001;
    const workers = flags.integer('workers', { min: 1, max: 64 }) ?? 1;
    const livenessProbe = readLiveness(flags.all('liveness-probe'));
    if (key === undefined && !isLoopback(address)) {
      warn(`Nobody is asked for a key, and ${address} is open to the network: whoever reaches it can score.`);
    }
    const hosts = hostPool({ output: STDERR, serialization: 'advanced' });
    // It reads its program while the model is read here.
    hosts.prepare(workers > 1);
    let host: SupervisedHost | undefined;
    try {
      const source = await findServed({
        model: context.arguments[0],
        score: flags.text('score'),
        python: flags.text('python'),
        timeoutMs: flags.integer('scoring-timeout-ms', { min: 1 }) ?? fromContainer(context.env.SCORING_TIMEOUT_MS),
      });
      const listener = openListener({ port: asked, host: address });
      host = supervised(context, { source, key, workers, livenessProbe, hosts, listener });
      await host.ready();
      const { port } = await listener;
      const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
      print(`URI   ${url}/score`);
      print(`Key   ${key ?? 'none is asked for'}`);
      print(`Docs  ${url}/docs`);
      print('READY');
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await host?.close();
      await hosts.close();
    }
  },
};

type Serving = {
  readonly source: Source;
  readonly key: string | undefined;
  readonly workers: number;
  readonly livenessProbe: Probe | undefined;
  readonly hosts: HostPool;
  readonly listener: ReturnType<typeof openListener>;
};

/** A process that answers and may crash, behind this one, which keeps the port and the connections. */
function supervised({ note }: Context, { source, key, workers, livenessProbe, hosts, listener }: Serving): SupervisedHost {
  const { name, ...served } = source;
  // A model alone runs in the host itself, which is asked anyway.
  const isApart = workers > 1 || served.script !== undefined;
  return superviseHost({
    name: `"${name}"`,
    ...(livenessProbe && { livenessProbe }),
    listener,
    hosts,
    state: () => ({
      serviceName: name,
      standalone: true,
      keys: key === undefined ? null : { primary: key, secondary: '' },
      deployments: [{ name: 'default', traffic: 100, instanceCount: workers, ...(isApart && { livenessProbe }), ...served }],
    }),
    hear(told) {
      if (told.type === 'log') for (const { text } of told.lines) note(text);
    },
    onCrash: note,
  });
}

/** A variable of the real container. */
function fromContainer(text: string | undefined): number {
  const value = Number(text);
  return text !== undefined && Number.isInteger(value) && value > 0 ? value : SCORING_TIMEOUT_MS;
}

/** 32 letters and digits, as Azure's keys are. */
function newKey(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join('');
}
