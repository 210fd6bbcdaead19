/** The process of one instance of a deployment: loads the model it is told of, answers the calls it is sent, ends with its parent. */
import { readFile } from 'node:fs/promises';
import { asMalachiteError } from '@malachite/core';
import { answeringModel } from '../answering-model.ts';
import type { Answerer } from '../call.ts';
import { loadModel } from '../model/load-model.ts';
import type { FromInstance, ToInstance } from './messages.ts';

let answerer: Answerer | undefined;

process.on('message', (message: ToInstance) => {
  if (message.type === 'load') void load(message.modelPath);
  else if (message.type === 'probe') send({ type: 'alive' });
  else if (answerer !== undefined) {
    const { id, call } = message;
    answerer.answer(call).then(
      (answer) => send({ type: 'answer', id, answer }),
      (thrown: unknown) => send({ type: 'refused', id, error: asMalachiteError(thrown).toJSON() }),
    );
  }
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C and a service's end reach the whole process group; the parent decides when its instances end.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function load(path: string): Promise<void> {
  try {
    const model = await loadModel(await readFile(path));
    answerer = answeringModel(model);
    send({ type: 'ready', signature: model.signature, rewritten: model.rewritten });
  } catch (thrown) {
    send({ type: 'failed', error: asMalachiteError(thrown).toJSON() });
  }
}

function send(message: FromInstance): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
