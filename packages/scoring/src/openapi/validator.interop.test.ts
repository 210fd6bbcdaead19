/** The documents as a validator that we did not write judges them: openapi-spec-validator, from PyPI. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { servable } from '@malachite/onnx';
import { expect, it } from 'vitest';
import { adderBytes, slowBytes } from '../test-models.ts';
import { openapiDocument } from './document.ts';

const python = fileURLToPath(new URL('../../../../.venv/bin/python', import.meta.url));
const hasValidator = spawnSync(python, ['-c', 'import openapi_spec_validator']).status === 0;

/** Prints a line for each document of a list that is not valid. */
const validate = `
import json, sys
from openapi_spec_validator import validate
for name, document in json.load(sys.stdin):
    try:
        validate(document)
    except Exception as error:
        print(name, type(error).__name__, error)
`;

/** Real exports, where they are there, beside models of our own. */
const shared = new URL('../../../../../shared/models/', import.meta.url);
const exported = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith('.onnx')) : [];

it.skipIf(!hasValidator)('every version of the document is valid [skipped without openapi-spec-validator in .venv]', () => {
  const models: [string, Uint8Array][] = [
    ['adder', adderBytes(1)],
    ['adder of a column with dots', adderBytes(1, 'emp.var.rate')],
    ['slow', slowBytes()],
    ...exported.map((name): [string, Uint8Array] => [name, readFileSync(new URL(name, shared))]),
  ];
  const documents = models.flatMap(([name, bytes]) => {
    const { signature } = servable(bytes);
    return (['2', '3', '3.1'] as const).flatMap((version) =>
      (['v1', 'v2'] as const).map((form) => [`${name} ${version} ${form}`, openapiDocument(signature, name, form, version)]),
    );
  });
  const { stdout, stderr } = spawnSync(python, ['-c', validate], { input: JSON.stringify(documents), encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
  const broken = JSON.stringify([['broken', { openapi: '3.1.0', info: {}, paths: {} }]]);
  expect(spawnSync(python, ['-c', validate], { input: broken, encoding: 'utf8' }).stdout).toContain('broken');
});
