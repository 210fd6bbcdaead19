/** What `malachite serve` puts behind the scoring protocol: a model in this process, or a script in processes of its own. */
import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { MalachiteError } from '@malachite/core/errors';
import type { Answerer, ScoringModel } from '@malachite/scoring';
import { findModel, readOnnxFile } from '../model-file/read-model-file.ts';

export type ServeSource = {
  /** An ONNX file or an MLflow model folder; beside a script, what it finds in `AZUREML_MODEL_DIR`. */
  readonly model: string | undefined;
  /** `score.py`, `score.ts` or `score.js`. */
  readonly score: string | undefined;
  /** For scripts and for MLflow models without the onnx flavour. */
  readonly python: string | undefined;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number | undefined;
};

export type Served = {
  readonly model: ScoringModel | Answerer;
  close(): Promise<void>;
};

export type Source =
  | { readonly kind: 'model'; readonly name: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'script';
      readonly name: string;
      start(processes: number, note: (line: string) => void): Promise<Served>;
    };

/** Looks at what is to be served, without starting it. */
export async function findServed({ model, score, python, timeoutMs }: ServeSource): Promise<Source> {
  if (score !== undefined) {
    await requireFile(score);
    const modelDir = model === undefined ? process.env.AZUREML_MODEL_DIR : await folderOf(model);
    return {
      kind: 'script',
      name: nameOf(score),
      async start(processes, onLog) {
        const { answeringScript, startScoreScript } = await import('@malachite/scoring');
        const script = await startScoreScript({ path: score, modelDir, python, timeoutMs, processes, onLog });
        return { model: answeringScript(script), close: () => script.close() };
      },
    };
  }
  if (model === undefined) throw new MalachiteError('InvalidInput', 'Give a model, or a script with --score.');
  const found = await findModel(model);
  if (found.kind === 'onnx') return { kind: 'model', name: nameOf(model), bytes: await readOnnxFile(found.file) };
  if (!found.flavors.includes('python_function')) {
    throw new MalachiteError(
      'InvalidInput',
      `The MLflow model in "${model}" has neither the onnx nor the python_function flavour. Flavours: ${found.flavors.join(', ') || 'none'}.`,
    );
  }
  return {
    kind: 'script',
    name: nameOf(model),
    async start(processes, onLog) {
      const { answeringScript, startMlflowModel } = await import('@malachite/scoring');
      const script = await startMlflowModel(found.folder, { python, timeoutMs, processes, onLog });
      return { model: answeringScript(script, { invocations: true }), close: () => script.close() };
    },
  };
}

const nameOf = (path: string): string => basename(path, extname(path));

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new MalachiteError('InvalidInput', `The model "${path}" does not exist.`);
  return found.isDirectory() ? path : dirname(path);
}

async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new MalachiteError('InvalidInput', `The scoring script "${path}" does not exist.`);
}
