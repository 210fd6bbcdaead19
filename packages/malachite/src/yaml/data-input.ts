/** An input of a job: a reference, or fields with `type` and `path`. */
import { type DataInput, datasetTypes } from '@malachite/core';
import { referenceOrLocal } from './references.ts';
import type { Section } from './section.ts';

/** Reads the field; a local path comes back absolute and is uploaded before the job is submitted. */
export function readDataInput(root: Section, name: string, folder: string): DataInput | undefined {
  if (!root.has(name)) return undefined;
  if (root.isText(name)) return { path: referenceOrLocal(root.requiredText(name), folder) };
  const section = root.section(name);
  if (section === undefined) return undefined;
  const input = { type: section.word('type', datasetTypes), path: referenceOrLocal(section.requiredText('path'), folder) };
  section.end(['mode', 'path_on_compute', 'datastore']);
  return input;
}
