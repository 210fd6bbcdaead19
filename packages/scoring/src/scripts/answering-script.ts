/** A scoring script as what answers calls. */
import { MalachiteError } from '@malachite/core/errors';
import type { Signature } from '@malachite/onnx';
import type { Answerer, HttpRequest } from '../call.ts';
import type { ScoreScript } from './score-script.ts';
import { scriptDocument } from './script-document.ts';

/** A script says nothing of columns and tensors. */
const unknownSignature: Signature = {
  task: 'unknown',
  inputs: [],
  outputs: [],
  batch: null,
  producer: { name: 'score script', version: '' },
  irVersion: 0,
  opsets: {},
  operators: {},
  docString: '',
  metadata: {},
};

export interface AnsweringScriptOptions {
  /** It takes MLflow's `/invocations` too. */
  readonly invocations?: boolean;
}

export function answeringScript(script: ScoreScript, { invocations = false }: AnsweringScriptOptions = {}): Answerer {
  return {
    signature: unknownSignature,
    ownHttp: { document: (serviceName, version) => scriptDocument(script, serviceName, version) },
    async answer({ route, body, http }) {
      if (route === '/infer')
        throw new MalachiteError('NotSupported', 'A scoring script does not speak the Open Inference Protocol; POST to /score.');
      if (route === '/invocations' && !invocations)
        throw new MalachiteError('NotFound', 'A scoring script answers at /score; /invocations is for MLflow models.');
      const { body: answered, runMs, ...told } = await script.run(http as HttpRequest, Buffer.isBuffer(body) ? body : NO_BYTES);
      return { body: answered, runMs, rows: 0, http: told };
    },
  };
}

const NO_BYTES = Buffer.alloc(0);
