/** The OpenAPI document of a script: its own file, else what its schemas say, else that it takes and gives objects. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceDocument } from '../openapi/document.ts';
import type { Schema, SwaggerVersion } from '../openapi/schemas.ts';
import { jsonDumps } from '../wire/python-json.ts';
import type { ScoreScript } from './score-script.ts';

/** Files beside the script that stand for the generated document. Source: the real inference server. */
const ownFiles: Readonly<Record<SwaggerVersion, readonly string[]>> = {
  '2': ['swagger.json', 'swagger2.json'],
  '3': ['swagger3.json'],
  '3.1': ['swagger3.1.json'],
};

const anything: Schema = { type: 'object', example: {} };

/** @returns JSON text */
export async function scriptDocument(
  { appRoot, described }: ScoreScript,
  serviceName: string,
  version: SwaggerVersion,
): Promise<string> {
  for (const name of ownFiles[version]) {
    const own = await readFile(join(appRoot, name), 'utf8').catch(() => undefined);
    if (own !== undefined) return own;
  }
  return jsonDumps(serviceDocument(described.schemas ?? { input: anything, output: anything }, serviceName, version));
}
