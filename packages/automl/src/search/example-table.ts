/** A small seeded table for tests: numbers with holes, categories, an identifier, a constant, and a target that can be learned. */
import { createRandom } from '../random.ts';
import { numericColumn, stringColumn, type Table } from '../table/table.ts';

export function exampleTable(rows: number, seed = 1): Table {
  const random = createRandom(seed);
  const towns = ['Aachen', 'Bergen', 'Cork', 'Delft'];
  const income = Array.from({ length: rows }, () => (random.nextFloat() < 0.1 ? null : 1000 + 4000 * random.nextFloat()));
  const age = Array.from({ length: rows }, () => 18 + random.nextInt(60));
  const town = Array.from({ length: rows }, () => (random.nextFloat() < 0.05 ? null : (towns[random.nextInt(4)] as string)));
  const signal = age.map((years, i) => (years - 45) / 12 + ((income[i] ?? 2000) - 3000) / 900 + (town[i] === 'Cork' ? 1.5 : 0));
  const noisy = signal.map((value) => value + random.nextNormal());
  return {
    rowCount: rows,
    columns: [
      numericColumn('income', income),
      numericColumn('age', age),
      stringColumn('home.town', town),
      stringColumn(
        'customer id',
        Array.from({ length: rows }, (_, i) => `c${i}`),
      ),
      numericColumn(
        'always',
        Array.from({ length: rows }, () => 7),
      ),
      stringColumn(
        'bought',
        noisy.map((value) => (value > 0.5 ? 'yes' : 'no')),
      ),
      numericColumn(
        'spent',
        noisy.map((value) => 100 + 20 * value),
      ),
    ],
  };
}
