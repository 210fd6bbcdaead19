/**
 * Exports of every kind, made here by Python's own tools, served by the scoring server and asked 1,000 rows over HTTP: labels must be
 * those of Python's onnxruntime on the same rows, and numbers within 1e-6 of its.
 * The table of kinds is printed.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadModel, type ScoringModel, startScoringServer } from '@malachite/scoring';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelFile } from '../packages/malachite/src/model-file/read-model-file.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const python = fileOf('../.venv/bin/python');
const tools = 'import skl2onnx, onnxmltools, lightgbm, xgboost, catboost, tritonclient.http, openapi_spec_validator';
const hasTools = spawnSync(python, ['-c', tools]).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'malachite-exports-'));
afterAll(() => rmSync(folder, { recursive: true }));
if (hasTools) execFileSync(python, ['-W', 'ignore', fileOf('python/exports'), folder], { stdio: 'pipe' });
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => basename(file, '.onnx'));

/** What the exporter wrote beside a model: rows, and what Python's onnxruntime answered for them. */
interface Expected {
  readonly kind: string;
  /** 1e-6, and more only for 16-bit floats. */
  readonly tolerance: number;
  readonly rows: readonly Row[];
  readonly predict: readonly unknown[];
  /** Null for models without probabilities. */
  readonly predictProba: readonly unknown[] | null;
  /** Every output that has something a row, flat. */
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
}
type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

const expectedOf = (name: string): Expected => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const load = async (name: string): Promise<ScoringModel> => loadModel(await readModelFile(join(folder, `${name}.onnx`)));

interface Asker {
  /** The answer to a POST, with its text read as Python reads it. @throws for any status but 200 */
  post(path: string, body: unknown, contentType?: string): Promise<unknown>;
  get(path: string): Promise<unknown>;
}

/** Serves models as deployments of one endpoint, each under its name. */
async function serving<T>(
  models: Readonly<Record<string, ScoringModel>>,
  ask: (asker: Asker, url: string) => Promise<T>,
): Promise<T> {
  const deployments = Object.entries(models).map(([name, model], i) => ({ name, model, traffic: i === 0 ? 100 : 0 }));
  const server = await startScoringServer({ port: 0, keys: null, deployments });
  const read = async (response: Response): Promise<unknown> => {
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 400)}`);
    return parsed(text);
  };
  try {
    return await ask(
      {
        get: async (path) => read(await fetch(server.url + path)),
        async post(path, body, contentType = 'application/json') {
          const text = typeof body === 'string' ? body : JSON.stringify(body);
          return read(await fetch(server.url + path, { method: 'POST', headers: { 'content-type': contentType }, body: text }));
        },
      },
      server.url,
    );
  } finally {
    await server.close();
    for (const model of Object.values(models)) await model.close();
  }
}

/** JSON with Python's `NaN` as null, and what comes twice encoded, as the form of v1 does, decoded twice. */
function parsed(text: string): unknown {
  const value: unknown = JSON.parse(text.replaceAll(/(?<=[[ ,:])NaN(?=[\],}])/g, 'null'));
  return typeof value === 'string' ? parsed(value) : value;
}

/** The largest difference of numbers, relative beyond 1; Infinity where shapes or labels differ. */
function difference(expected: unknown, given: unknown): number {
  if (Array.isArray(expected)) {
    if (!Array.isArray(given) || given.length !== expected.length) return Infinity;
    return expected.reduce((largest: number, value, i) => Math.max(largest, difference(value, given[i])), 0);
  }
  if (expected === given) return 0;
  if (typeof expected !== 'number' || typeof given !== 'number') return Infinity;
  return Math.abs(expected - given) / Math.max(1, Math.abs(expected));
}

/** Kind and evaluation of every model that passed. */
const table: string[] = [];
afterAll(() => {
  if (table.length > 0)
    console.log(`${table.length} kinds of exports served as Python's onnxruntime answers:\n${table.sort().join('\n')}`);
});

describe.skipIf(!hasTools)('exports [skipped without the exporters in .venv, which .ci/run makes]', () => {
  it.each(names)('%s', async (name) => {
    const { kind, tolerance, rows, predict, predictProba, outputs } = expectedOf(name);
    const model = await load(name);
    const { inputs } = model.signature;
    await serving({ default: model }, async ({ post, get }) => {
      const differences = [
        difference(predict, ((await post('/score', { data: rows, method: 'predict' })) as { result: unknown }).result),
        ...(predictProba === null
          ? []
          : [
              difference(
                predictProba,
                ((await post('/score', { data: rows, method: 'predict_proba' })) as { result: unknown }).result,
              ),
            ]),
      ];

      // Every output by name, in the Open Inference Protocol.
      const tensors = inputs.map(({ name: input, columns }) => {
        const width = columns.length || (rows[0] as readonly unknown[]).length;
        return {
          name: input,
          datatype: 'FP32',
          shape: [rows.length, width],
          data: rows.map((row) =>
            valuesOf(
              row,
              columns.map((column) => column.name),
            ),
          ),
        };
      });
      const answered = (await post('/v2/models/default/infer', { inputs: tensors })) as {
        outputs: { name: string; data: unknown[] }[];
      };
      for (const [output, data] of Object.entries(outputs)) {
        differences.push(difference(data, answered.outputs.find((each) => each.name === output)?.data));
      }
      const largest = Math.max(...differences);
      expect(largest, `differences ${differences.join(', ')}`).toBeLessThan(tolerance);

      // The other forms, on the first rows.
      const few = rows.slice(0, 5);
      const expected = predict.slice(0, 5);
      const forms: [string, unknown][] = [
        ['/score', { Inputs: { data: few }, GlobalParameters: { method: 'predict' } }],
        ['/score', { input_data: few }],
        ['/invocations', { instances: few }],
      ];
      if (!Array.isArray(few[0])) {
        const columns = Object.keys(few[0] as object);
        const data = few.map((row) => valuesOf(row, columns));
        forms.push(['/score', { input_data: { columns, data } }], ['/invocations', { dataframe_split: { columns, data } }]);
        forms.push(['/invocations', { dataframe_records: few }]);
      }
      for (const [path, body] of forms) {
        const answer = (await post(path, body)) as { Results?: unknown; predictions?: unknown };
        expect(
          difference(expected, answer.Results ?? answer.predictions ?? answer),
          JSON.stringify(body).slice(0, 60),
        ).toBeLessThan(tolerance);
      }

      // A line a row under a line of names; a matrix of columns without names has no table to be written as.
      if (inputs.every(({ columns }) => columns.length > 0)) {
        const header = Array.isArray(few[0])
          ? inputs.flatMap(({ columns }) => columns.map((column) => column.name))
          : Object.keys(few[0] as object);
        const csv = [header, ...few.map((row) => valuesOf(row, header))].map((line) => line.map(csvCell).join(',')).join('\n');
        const { predictions } = (await post('/invocations', csv, 'text/csv')) as { predictions: unknown };
        expect(difference(expected, predictions), csv).toBeLessThan(tolerance);
      }

      // The documents' own example is a row that the model takes.
      for (const version of ['2', '3', '3.1']) {
        const document = (await get(`/swagger.json?version=${version}`)) as Document;
        const { example } = (document.definitions ?? document.components?.schemas)?.ServiceInput ?? {};
        await post('/score', example);
      }
      table.push(`  ${kind}; largest difference ${largest.toExponential(1)}; ${model.evaluation.split(/[,(:]/)[0]}`);
    });
  });

  it('OpenAPI documents of every third export are valid, in every version', { timeout: 240_000 }, async () => {
    expect(names.length).toBeGreaterThan(60);
    const documents: [string, unknown][] = [];
    for (const name of names.filter((_, i) => i % 3 === 0)) {
      await serving({ default: await load(name) }, async ({ get }) => {
        for (const version of ['2', '3', '3.1'])
          documents.push([`${name} ${version}`, await get(`/swagger.json?version=${version}`)]);
      });
    }
    const { stdout } = spawnSync(python, [fileOf('python/validate_openapi.py')], {
      input: JSON.stringify(documents),
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toEqual({ valid: documents.length, faults: [] });
  });

  it('Triton’s client reads what each model takes, and is answered as Python’s onnxruntime answers', {
    timeout: 240_000,
  }, async () => {
    const some = names.filter((name, i) => i % 6 === 0 && !/free|no shape/.test(name));
    const models = Object.fromEntries(
      await Promise.all(some.map(async (name) => [name.replaceAll(/\W/g, '_'), await load(name)] as const)),
    );
    await serving(models, async (_, url) => {
      const client = fileOf('python/ask_with_triton.py');
      const { stdout } = await promisify(execFile)(python, [client, url.replace('http://', ''), folder, ...some]);
      expect(JSON.parse(stdout)).toEqual(Object.fromEntries(some.map((name) => [name, 'equal'])));
    });
  });
});

/** RFC 4180; a missing value is an empty cell, as pandas writes it. */
function csvCell(value: unknown): string {
  const text = value === null ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Document {
  readonly definitions?: Schemas;
  readonly components?: { readonly schemas: Schemas };
}
type Schemas = Readonly<Record<string, { readonly example?: unknown }>>;

/** A row as a list, in the order of the columns; their names may be spelled as exporters do. */
function valuesOf(row: Row, columns: readonly string[]): readonly unknown[] {
  if (Array.isArray(row)) return row;
  const spelled = new Map(Object.entries(row).map(([name, value]) => [name.replaceAll(/\W/g, '_'), value]));
  return columns.map((column) => spelled.get(column.replaceAll(/\W/g, '_')));
}
