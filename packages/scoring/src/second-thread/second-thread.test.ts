/** Two threads, one answer. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { answeringModel } from '../answering-model.ts';
import type { ScoringCall } from '../call.ts';
import { loadModel } from '../model/load-model.ts';
import { exampleRow } from '../openapi/schemas.ts';

const bytes = readFileSync(new URL('../../../../fixtures/models/loans.onnx', import.meta.url));
const isAlone = availableParallelism() < 2;

function callOf(data: unknown): ScoringCall {
  return {
    route: '/score',
    body: Buffer.from(JSON.stringify({ data, method: 'predict_proba' })),
    contentType: 'application/json',
    named: 'data',
  };
}

it.skipIf(isAlone)('a long request gets the same bytes from either thread [skipped on one processor]', async () => {
  const model = await loadModel(bytes, { secondThread: true });
  const answerer = answeringModel(model);
  const row = exampleRow(model.signature) as Record<string, unknown>;
  const numeric = Object.keys(row).find((name) => typeof row[name] === 'number') as string;
  const call = callOf(Array.from({ length: 500 }, (_, i) => ({ ...row, [numeric]: i })));
  const here = await answerer.answer(call);
  let wasHere = true;
  while (wasHere) {
    wasHere = false;
    const shared = model.second?.share(call, async () => {
      wasHere = true;
      return here;
    });
    expect((await shared)?.body).toEqual(here.body);
    await nextTurn();
  }
  expect(here.rows).toBe(500);
  await model.close();
});

it.skipIf(isAlone)('what the second thread refuses is refused in the words of this one [skipped on one processor]', async () => {
  const model = await loadModel(bytes, { secondThread: true });
  const answerer = answeringModel(model);
  const call = callOf(Array.from({ length: 2000 }, () => ({ unknown: 1 })));
  for (let i = 0; i < 3; i++) await expect(answerer.answer(call)).rejects.toThrow(/Row 0 has no column/);
  await model.close();
});
