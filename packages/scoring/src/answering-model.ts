/** A model in this process as what answers calls. */
import type { Answer, Answerer, ScoringCall, ScoringRoute } from './call.ts';
import { scoreForms } from './forms/forms.ts';
import { invocationForms } from './forms/invocations.ts';
import { answer, answerCsv, answerInference, answerObject } from './hot-path.ts';
import { Joiner, type RowScorer } from './model/joiner.ts';
import type { ScoringModel } from './model/load-model.ts';
import { isCsv } from './wire/content-type.ts';

/** Requests of all routes wait in one queue, and so join into one run. */
export function answeringModel(
  model: RowScorer & Pick<ScoringModel, 'signature' | 'second'> & Partial<Pick<ScoringModel, 'evaluation'>>,
): Answerer {
  const joiner = new Joiner(model);
  const { signature } = model;
  const routes: Record<ScoringRoute, (call: ScoringCall) => Promise<Answer>> = {
    '/score': ({ body, named }) =>
      Buffer.isBuffer(body) ? answer(body, scoreForms, joiner, named) : answerObject(body, scoreForms, joiner, named),
    '/invocations': ({ body, named, contentType }) =>
      isCsv(contentType) ? answerCsv(body as Buffer, signature, joiner) : answer(body as Buffer, invocationForms, joiner, named),
    '/infer': (call) => answerInference(call, signature, joiner),
  };
  const here = (call: ScoringCall): Promise<Answer> => routes[call.route](call);
  const { second, evaluation } = model;
  return { signature, evaluation, answer: second === undefined ? here : (call) => second.share(call, () => here(call)) };
}
