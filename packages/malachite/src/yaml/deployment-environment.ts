/**
 * `environment` of a deployment. Azure builds an image of it; here an ONNX model needs none, and a script runs in the user's own Python.
 * What of that the file asks for and does not get is said.
 */
import { extname } from 'node:path';
import type { LocalCode } from './deployment.ts';
import type { YamlDocument } from './document.ts';
import type { Section } from './section.ts';

export function readEnvironment({ root }: YamlDocument, code: LocalCode | undefined): void {
  if (!root.has('environment')) return;
  const section = root.isText('environment') ? undefined : root.section('environment');
  const asked = section === undefined ? `"${root.text('environment')}"` : askedOf(section);
  root.warn('environment', remarkOf(asked, code));
}

/** What it names, for a sentence. */
function askedOf(section: Section): string {
  const image = section.text('image');
  const conda = section.isText('conda_file') ? section.text('conda_file') : section.has('conda_file') && 'conda_file';
  section.end(environmentFields);
  return [image && `the image "${image}"`, conda && `the packages of "${conda}"`].filter(Boolean).join(' with ') || 'an image';
}

function remarkOf(asked: string, code: LocalCode | undefined): string {
  if (code === undefined) return `asks for ${asked}, which an ONNX model does not need; it is left out`;
  if (extname(code.scoringScript) !== '.py') return `asks for ${asked}; a script of Node needs none, and it is left out`;
  return `asks for ${asked}, and nothing is built here; the script runs in python3, or in the Python of --python (MALACHITE_PYTHON), which must have its packages`;
}

/** Others that Azure's environments have. */
const environmentFields = [
  'name',
  'version',
  'description',
  'tags',
  'properties',
  'build',
  'os_type',
  'inference_config',
  'datastore',
  'path',
];
