/**
 * Programs over unmodified clients, as their users write them: a case of `programs/*.py` over azure-ai-ml is a test of its
 * own, and `programs/arm.ts` is over Azure's npm client. What the clients' methods and the operations of ARM came to is kept
 * for the coverage page: `npm run docs:coverage`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankCsv, bankRows } from '../../packages/core/src/contract/bank.ts';
import { emptyReport, type Report, recordOf } from './coverage/record.ts';
import { interpreter, root, type Served, serve, whyNot } from './served.ts';

const folder = join(root, 'tests', 'interop', 'programs');
const programs = readdirSync(folder).filter((file) => file.endsWith('.py') && file !== 'cases.py');
const sourceOf = (program: string): string => readFileSync(join(folder, program), 'utf8');
const python = interpreter('azure');
const reports = new Map<string, Report>();

let served: Served;
let csv: string;
beforeAll(async () => {
  served = await serve(python ? { MALACHITE_PYTHON: python } : {});
  csv = join(served.home, 'bank.csv');
  writeFileSync(csv, bankCsv(bankRows(400)));
}, 60_000);
afterAll(async () => {
  if (process.env.MALACHITE_COVERAGE && reports.size === programs.length) {
    const played = programs.map((name) => ({ source: sourceOf(name), report: reports.get(name) as Report }));
    const record = recordOf(played, join(served.home, 'home', 'logs', 'server.log'));
    writeFileSync(process.env.MALACHITE_COVERAGE, `${JSON.stringify(record, null, 2)}\n`);
  }
  await served?.close();
}, 60_000);

describe('@azure/arm-machinelearning', () => {
  it('drives workspaces, assets, compute, endpoints and jobs with DefaultAzureCredential as it is', async () => {
    const said = await served.run(process.execPath, [join(folder, 'arm.ts')]);
    expect(said.trim().split('\n').at(-1)).toBe('done');
  }, 60_000);
});

describe.each(programs)('%s', (program) => {
  const cases = [...sourceOf(program).matchAll(/^with case\("(.+)"\):$/gm)].map(([, name]) => name as string);
  if (!python) {
    it.skip(`${cases.length} cases: ${whyNot}`, () => undefined);
    return;
  }
  beforeAll(async () => {
    const said = await served.run(python, [join(folder, program), csv], { PYTHONPATH: folder });
    const line = said.split('\n').find((each) => each.startsWith('CASES '));
    reports.set(program, line ? (JSON.parse(line.slice('CASES '.length)) as Report) : emptyReport);
  }, 5 * 60_000);
  it.each(cases)('%s', (name) => expect(reports.get(program)?.cases[name]).toBe('passed'));
});
