/** One request to a scoring URI, over the wire as any client sends it. */
import { type InvokeAnswer, MalachiteError } from '@malachite/core';

export type ScoringRequest = {
  readonly scoringUri: string;
  /** Or a token. */
  readonly key: string;
  readonly deploymentName: string | undefined;
  readonly body: string;
  readonly contentType: string;
};

/** Whatever came back, errors of the endpoint too. `Unavailable` when the connection broke. */
export async function invokeEndpoint({
  scoringUri,
  key,
  deploymentName,
  body,
  contentType,
}: ScoringRequest): Promise<InvokeAnswer> {
  try {
    const answer = await fetch(scoringUri, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': contentType,
        ...(deploymentName === undefined ? {} : { 'azureml-model-deployment': deploymentName }),
      },
      body,
    });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new MalachiteError(
      'Unavailable',
      `${scoringUri} did not answer: ${reason}. Its process is being started again; try once more.`,
      {
        cause: error,
      },
    );
  }
}
