/** A scoring script, or an MLflow model that only Python runs, as what answers for a deployment of a host. */
import type { Answerer } from '../call.ts';
import { answeringScript } from './answering-script.ts';
import { startMlflowModel } from './mlflow-model.ts';
import { type ScoreScript, type ScoreScriptOptions, startScoreScript } from './score-script.ts';

export interface HostedScript {
  /** Absolute; null for an MLflow model, whose folder is `modelDir`. */
  readonly path: string | null;
  /** `AML_APP_ROOT`; the script's own folder. */
  readonly appRoot?: string;
  /** `AZUREML_MODEL_DIR`. */
  readonly modelDir: string;
  /** An interpreter, or the folder of a virtual environment; `python3`. */
  readonly python?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds for one request; those of the deployment. */
  readonly timeoutMs?: number;
}

export type AnsweringScript = Answerer & { close(): Promise<void> };

export async function startHostedScript(
  { path, modelDir, ...settings }: HostedScript,
  options: Pick<ScoreScriptOptions, 'processes' | 'timeoutMs' | 'livenessProbe' | 'readinessProbe' | 'onLog'>,
): Promise<AnsweringScript> {
  const all = { ...settings, ...options, timeoutMs: settings.timeoutMs ?? options.timeoutMs };
  const script: ScoreScript =
    path === null ? await startMlflowModel(modelDir, all) : await startScoreScript({ ...all, path, modelDir });
  return { ...answeringScript(script, { invocations: path === null }), close: () => script.close() };
}
