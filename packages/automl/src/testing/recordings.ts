/** Test only: the recorded answers of real Azure ML that lie beside the repository. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = new URL('../../../../../shared/', import.meta.url);

/** True when the recordings are on this machine; a test that needs them is skipped without. */
export const haveRecordings = existsSync(fileURLToPath(shared));

/** For test names: why a test does not run. */
export const needsRecordings = haveRecordings ? '' : ' (skipped: the recordings of Azure ML are not beside the repository)';

/** The path of a recording. */
export function recordingPath(path: string): string {
  return fileURLToPath(new URL(path, shared));
}

/** A parsed JSON recording; an empty list when the recordings are not here. */
export function recording<T>(path: string): T {
  return haveRecordings ? JSON.parse(readFileSync(recordingPath(path), 'utf8')) : ([] as T);
}

/** A parsed JSON file of the repository's `fixtures`. */
export function fixture<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../fixtures/${path}`, import.meta.url), 'utf8'));
}
