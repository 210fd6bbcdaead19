/** The fields that our loaders know, against every field that Azure's own client knows. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readAutoMLJob } from './automl-job.ts';
import { readCompute } from './compute.ts';
import { readDataAsset } from './data.ts';
import { readDeployment } from './deployment.ts';
import { parseYaml, type YamlDocument } from './document.ts';
import { readEndpoint } from './endpoint.ts';
import { readModel } from './model.ts';
import { readPipeline } from './pipeline.ts';

type Field = { types: { enum?: string[]; list?: { enum?: string[] }[] }[]; readOnly?: boolean };
type Schema = { kinds: Record<string, { fields: Record<string, Field> }> };

const schemaFile = fileURLToPath(new URL('../../../../../shared/yaml/schema.json', import.meta.url));
const there = existsSync(schemaFile);
const schema = there ? (JSON.parse(readFileSync(schemaFile, 'utf8')) as Schema) : { kinds: {} };
const title = there ? 'every field of Azure' : 'every field of Azure (skipped: ../shared/yaml/schema.json is not there)';

const automl =
  'type: automl\ntask: classification\ntarget_column_name: y\ntraining_data: {type: mltable, path: azureml:bank:1}\n';

/** Each kind with the least that a file of it needs. */
const kinds: [string, string, (document: YamlDocument) => unknown][] = [
  ['data', 'name: a\npath: b\n', readDataAsset],
  ['model', 'name: a\npath: b\n', readModel],
  ['amlCompute', 'name: a\ntype: amlcompute\n', readCompute],
  ['managedOnlineEndpoint', 'name: abc\n', readEndpoint],
  ['managedOnlineDeployment', 'name: abc\nendpoint_name: abc\nmodel: azureml:bank:1\n', readDeployment],
  ['autoMLClassificationJob', automl, readAutoMLJob],
  ['pipelineJob', `type: pipeline\njobs: {train: {${automl.trim().replaceAll('\n', ', ')}}}\n`, readPipeline],
];

describe.skipIf(!there)(title, () => {
  test.each(kinds)('%s: is honoured, named in a warning, or refused with a reason; none is unknown', (kind, least, read) => {
    const fields = schema.kinds[kind]?.fields ?? {};
    expect(Object.keys(fields).length).toBeGreaterThan(4);
    for (const name of Object.keys(fields)) {
      const file = parseYaml(least, { folder: '/', settings: new RegExp(`^${name}:`, 'm').test(least) ? [] : [`${name}={}`] });
      try {
        read(file);
      } catch (error) {
        expect((error as Error).message, `${kind}.${name}`).not.toContain('is not a known field');
      }
    }
  });

  test.each([
    ['classification', 'ClassificationTrainingSettings'],
    ['regression', 'RegressionTrainingSettings'],
  ])('algorithms of %s: each name is understood', (task, kind) => {
    const names = schema.kinds[kind]?.fields.allowed_training_algorithms?.types[0]?.list?.[0]?.enum ?? [];
    expect(names.length).toBeGreaterThan(9);
    const file = `${automl.replace('classification', task)}training: {allowed_training_algorithms: [${names.join(', ')}]}\n`;
    const { training } = readAutoMLJob(parseYaml(file, { folder: '/' }));
    expect(new Set(training?.allowedTrainingAlgorithms).size).toBe(names.length);
  });

  test.each([
    ['limits', 'AutoMLTableLimits'],
    ['featurization', 'TableFeaturizationSettings'],
    ['training', 'ClassificationTrainingSettings'],
  ])('AutoML %s: none is unknown', (section, kind) => {
    for (const name of Object.keys(schema.kinds[kind]?.fields ?? {})) {
      const file = parseYaml(automl, { settings: [`${section}.${name}={}`] });
      try {
        readAutoMLJob(file);
      } catch (error) {
        expect((error as Error).message, `${section}.${name}`).not.toContain('is not a known field');
      }
    }
  });
});
