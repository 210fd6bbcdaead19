/** An MLflow model folder of any flavour, run by the user's own mlflow. */
import { fileURLToPath } from 'node:url';
import { MalachiteError } from '@malachite/core/errors';
import { type ScoreScript, type ScoreScriptOptions, startScoreScript } from './score-script.ts';

const script = fileURLToPath(new URL('../../python/malachite_scoring/mlflow_model.py', import.meta.url));

/**
 * @param folder holds `MLmodel`
 * @throws InvalidInput when the Python has no mlflow; Failed when mlflow cannot load the model
 */
export async function startMlflowModel(
  folder: string,
  options: Omit<ScoreScriptOptions, 'path' | 'appRoot' | 'modelDir'>,
): Promise<ScoreScript> {
  try {
    return await startScoreScript({ ...options, path: script, appRoot: folder, modelDir: folder });
  } catch (error) {
    if (!(error instanceof MalachiteError) || !/No module named 'mlflow'/.test(error.message)) throw error;
    throw new MalachiteError(
      'InvalidInput',
      `The model in "${folder}" needs mlflow, which the Python "${options.python ?? 'python3'}" does not have; install it there (mlflow-skinny is enough), or export the model with the onnx flavour.`,
      { cause: error },
    );
  }
}
