/** Our features beside those that Azure ML's engine made from the same tables (facts that the repository does not hold). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Column, numericColumn, stringColumn, type Table } from '../table/table.ts';
import { haveRecordings, needsRecordings, recording, recordingPath } from '../testing/recordings.ts';
import { datePartsOf } from './date-parts.ts';
import { fitFeaturization } from './featurization.ts';
import { featurizationSummary } from './summary.ts';

/** The feature columns of a CSV without line breaks in its cells; `text` names columns that hold text even where it looks like numbers. */
function csvTable(path: string, target: string | undefined, text: ReadonlySet<string>): Table {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const cellsOf = (line: string) =>
    Array.from(line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g), ([, quoted, plain]) => quoted ?? plain ?? '');
  const cells = lines.map(cellsOf);
  const columns = cellsOf(header).flatMap((name, j): Column[] => {
    const texts = cells.map((row) => row[j] ?? '');
    if (name === target) return [];
    const isNumber =
      !text.has(name) && texts.some((text) => text !== '') && texts.every((text) => text === '' || Number.isFinite(Number(text)));
    return [
      isNumber
        ? numericColumn(
            name,
            texts.map((text) => (text === '' ? null : Number(text))),
          )
        : stringColumn(name, texts),
    ];
  });
  return { rowCount: cells.length, columns };
}

type Recorded = {
  readonly columns: readonly { readonly name: string; readonly dtype: string }[];
  readonly summary: readonly { readonly TypeDetected: string }[];
  readonly feature_names: readonly string[];
};

type RecordedDates = {
  readonly date_features: { readonly input: string[]; readonly names: string[]; readonly pipeline: number[][] };
};

describe.skipIf(!haveRecordings)(`Azure ML's recorded featurization${needsRecordings}`, () => {
  it('makes the same ten numbers, of the same names, from a date', () => {
    const { input, names, pipeline } = recording<RecordedDates>('engine/featurization/dates_and_hash.json').date_features;
    const column = stringColumn('when', input);
    const featurizer = datePartsOf(new Map(), true);
    const rows = Int32Array.from({ length: input.length }, (_, row) => row);
    const { numeric } = featurizer.transform(featurizer.fit([column], rows), { rowCount: input.length, columns: [column] });
    expect(numeric.map(({ name }) => name)).toEqual(names);
    pipeline.forEach((expected, row) => {
      expect(numeric.map(({ values }) => values[row])).toEqual(expected);
    });
  });

  it.each([
    ['bank_onnx', 'data/bankmarketing_train.csv', 'y'],
    ['heart_onnx', 'data/heart_failure.csv', 'DEATH_EVENT'],
    ['mixed_onnx', 'engine/featurization/mixed_table.csv', undefined],
  ])('%s: the same purposes, transformations and numbers of features, in the same order', (name, file, target) => {
    const { columns, summary, feature_names } = recording<Recorded>(`engine/featurization/${name}.json`);
    const text = new Set(columns.filter(({ dtype }) => dtype === 'object').map((column) => column.name));
    const table = csvTable(recordingPath(file), target, text);
    const rows = Int32Array.from({ length: table.rowCount }, (_, row) => row);
    const ours = featurizationSummary(fitFeaturization({ table, rows, family: 'linear' }));
    // Ours are other transformers there: words without pairs, the values themselves instead of their hashes.
    const alike = ({ TypeDetected }: { TypeDetected: string }) => TypeDetected !== 'Text' && TypeDetected !== 'CategoricalHash';
    expect(ours.featurizationSummary.filter(alike).map(({ DroppedReason: _, ...row }) => row)).toEqual(summary.filter(alike));
    // Azure's engine numbers the columns of a vectorizer, we name the value; all others have the same name.
    const named = (names: readonly string[]) =>
      names.filter((feature) => !/_(CharGramCountVectorizer|WordGramTfIdf|HashOneHotEncoder)_/.test(feature));
    expect(named(ours.engineeredFeatureNames)).toEqual(named(feature_names));
  });
});
