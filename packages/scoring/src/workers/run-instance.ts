/** The process of one instance of a deployment: loads the model it is told of, answers the calls it is sent, ends with its parent. */
import { readFile } from 'node:fs/promises';
import { asMalachiteError } from '@malachite/core/errors';
import { answeringModel } from '../answering-model.ts';
import type { Answerer, ScoringCall } from '../call.ts';
import { loadModel } from '../model/load-model.ts';
import type { FromInstance, ModelSource, NumberedAnswer, ToInstance } from './messages.ts';
import { outbox } from './outbox.ts';

/** Called only once it has said that it is ready. */
let answerer: Answerer | undefined;
const told = outbox<NumberedAnswer>((answers) => send({ type: 'answers', answers }));

process.on('message', (message: ToInstance) => {
  if (message.type === 'load') void load(message.model);
  else if (message.type === 'probe') send({ type: 'alive' });
  else for (const { id, call } of message.calls) void answer(id, call);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C and a service's end reach the whole process group; the parent decides when its instances end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function answer(id: number, call: ScoringCall): Promise<void> {
  try {
    told({ id, answer: await (answerer as Answerer).answer(call) });
  } catch (thrown) {
    told({ id, error: asMalachiteError(thrown).toJSON() });
  }
}

async function load(source: ModelSource): Promise<void> {
  try {
    const model = await loadModel(typeof source === 'string' ? await readFile(source) : source);
    answerer = answeringModel(model);
    send({ type: 'ready', signature: model.signature, rewritten: model.rewritten, evaluation: model.evaluation });
  } catch (thrown) {
    send({ type: 'failed', error: asMalachiteError(thrown).toJSON() });
  }
}

function send(message: FromInstance): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
