/** One request to a scoring URI, over the wire as any client sends it. */
import { validateHeaderValue } from 'node:http';
import { type InvokeAnswer, MalachiteError } from '@malachite/core';

export type ScoringRequest = {
  readonly scoringUri: string;
  /** Or a token. */
  readonly key: string;
  readonly deploymentName: string | undefined;
  readonly body: string;
  readonly contentType: string;
};

/** Whatever came back, errors of the endpoint too. `InvalidInput` for what no header can say, `Unavailable` when the connection broke. */
export async function invokeEndpoint({
  scoringUri,
  key,
  deploymentName,
  body,
  contentType,
}: ScoringRequest): Promise<InvokeAnswer> {
  const headers = headersOf({
    authorization: `Bearer ${key}`,
    'content-type': contentType,
    ...(deploymentName === undefined ? {} : { 'azureml-model-deployment': deploymentName }),
  });
  try {
    const answer = await fetch(scoringUri, { method: 'POST', headers, body });
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

/** The rules of `fetch`, which knows headers by bytes: other letters, and control characters, are none. */
function headersOf(headers: Readonly<Record<string, string>>): Headers {
  const checked = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderValue(name, value);
      checked.set(name, value);
    } catch (cause) {
      throw new MalachiteError('InvalidInput', `The header "${name}" cannot be ${JSON.stringify(value.slice(0, 60))}.`, {
        cause,
      });
    }
  }
  return checked;
}
