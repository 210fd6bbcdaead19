/** Every body form that `/score` takes, most frequent first. A new form is a new file and a line here. */
import type { BodyForm } from './form.ts';
import { inputData } from './input-data.ts';
import { v1Data } from './v1-data.ts';
import { v2Inputs } from './v2-inputs.ts';

export const scoreForms: readonly BodyForm[] = [v1Data, v2Inputs, inputData];
