/** A body form: how callers of one kind of client wrap their rows, and what they expect back. One file each. */
import type { Rows } from '../model/batch.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Method } from '../wire/answers.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export interface BodyForm {
  readonly name: string;
  /** Whether a body is of this form: it has the key that the form is known by. */
  matches(body: JsonObject): boolean;
  /** The rows in it and what to answer. @throws InvalidInput when it is of this form and malformed. */
  read(body: JsonObject): { rows: Rows; method: Method };
  /** The answer's body. */
  write(prediction: Prediction, method: Method): string;
}
