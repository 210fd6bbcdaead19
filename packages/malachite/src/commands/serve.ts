/** One model behind the scoring protocol, with nothing else around it. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { basename, extname } from 'node:path';
import type { Command } from '../cli/command.ts';
import { readModelFile } from '../model-file/read-model-file.ts';

export const serve: Command = {
  name: 'serve',
  describe: 'Serve one ONNX model, or an MLflow model folder, over HTTP.',
  arguments: [['<model>', 'An ONNX file, or an MLflow model folder with the onnx flavour.']],
  options: [
    { flags: '--port <port>', describe: 'Where it listens; 0 takes a free one. Default 5001.' },
    { flags: '--host <address>', describe: 'Default 127.0.0.1.' },
    { flags: '--key <key>', describe: 'The bearer key. Default: a new one, which is printed.' },
    { flags: '--no-auth', describe: 'Ask for no key.' },
  ],
  example: 'malachite serve best_model.onnx --key secret',
  handlesInterrupt: true,
  async run({ flags, arguments: [path = ''], print, note, signal }) {
    const port = flags.integer('port', { min: 0, max: 65_535 }) ?? 5001;
    const key = flags.is('no-auth') ? undefined : (flags.text('key') ?? newKey());
    const bytes = await readModelFile(path);
    const { loadModel, startScoringServer } = await import('@malachite/scoring');
    const model = await loadModel(bytes);
    for (const change of model.rewritten) note(change);
    const server = await startScoringServer({
      port,
      host: flags.text('host') ?? '127.0.0.1',
      serviceName: basename(path, extname(path)),
      keys: key === undefined ? null : { primary: key, secondary: '' },
      deployments: [{ name: 'default', model, traffic: 100 }],
      onLog: note,
    });
    try {
      print(`URI   ${server.url}/score`);
      print(`Key   ${key ?? 'none is asked for'}`);
      print(`Docs  ${server.url}/docs`);
      print('READY');
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await server.close();
      await model.close();
    }
  },
};

/** 32 letters and digits, as Azure's keys are. */
function newKey(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join('');
}
