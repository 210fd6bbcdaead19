/** The second thread itself. It has no runtime: ONNX Runtime's Node binding is not safe in several threads. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Signature, servable } from '@malachite/onnx';
import { answeringModel } from '../answering-model.ts';
import { compile, type Program } from '../compiled/program.ts';
import { Batch } from '../model/batch.ts';
import { runProgram } from '../model/run-program.ts';
import type { FromThread, ThreadCall } from './messages.ts';

const { program, signature } = load(workerData as Uint8Array);

const answerer = answeringModel({
  signature,
  batch: () => new Batch(signature),
  async run(batch, from = 0, to = batch.rows) {
    const prediction = await runProgram(program, batch, from, to);
    if (prediction === undefined) throw new Error('A row is left to ONNX Runtime.');
    return prediction;
  },
  runTogether: (batch) => runProgram(program, batch, 0, batch.rows),
});

parentPort?.on('message', ({ id, call, body }: ThreadCall) => {
  answerer.answer({ ...call, body: Buffer.from(body.buffer) }).then(
    (answer) => send({ type: 'answered', id, answer }),
    () => send({ type: 'answered', id, answer: undefined }),
  );
});
send({ type: 'ready' });

/** The graph itself is not kept: it is many times as large as what it compiles to. */
function load(bytes: Uint8Array): { program: Program; signature: Signature } {
  const found = servable(bytes);
  return { program: compile(found), signature: found.signature };
}

function send(message: FromThread): void {
  parentPort?.postMessage(message);
}
