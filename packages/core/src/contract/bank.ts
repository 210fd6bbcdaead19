/**
 * The table that the suite works on: 300 rows from a seeded generator, numbers, categories, a date, missing values, and a target
 * that follows from two of the columns (older people, and retired ones, say yes), so that a model can learn it.
 */

export type BankRow = {
  readonly age: number;
  readonly balance: number | null;
  readonly job: string | null;
  readonly joined: string;
  readonly y: 'yes' | 'no';
};

export const bankColumns = ['age', 'balance', 'job', 'joined', 'y'] as const;
const jobs = ['technician', 'services', 'retired', 'student'] as const;

export function bankRows(count = 300, seed = 20_260_101): BankRow[] {
  const random = generator(seed);
  return Array.from({ length: count }, () => {
    const age = 18 + Math.floor(random() * 60);
    const job = jobs[Math.floor(random() * jobs.length)] as string;
    const balance = Math.round((random() * 4000 - 500) * 100) / 100;
    const day = 1 + Math.floor(random() * 28);
    const sure = age >= 50 || job === 'retired';
    const y = (random() < 0.04 ? !sure : sure) ? 'yes' : 'no';
    return {
      age,
      balance: random() < 0.1 ? null : balance,
      job: random() < 0.05 ? null : job,
      joined: `2024-02-${String(day).padStart(2, '0')}`,
      y,
    };
  });
}

export const bankCsv = (rows: readonly BankRow[]) =>
  `${[bankColumns, ...rows.map((row) => bankColumns.map((column) => row[column] ?? ''))].map((cells) => cells.join(',')).join('\n')}\n`;

/** A yes and a no that leave no doubt, as a deployment of an MLflow model takes them, on Azure too. */
export const twoCustomers = JSON.stringify({
  input_data: {
    columns: ['age', 'balance', 'job', 'joined'],
    index: [0, 1],
    data: [
      [74, 1200.5, 'retired', '2024-02-11'],
      [22, 310.0, 'student', '2024-02-12'],
    ],
  },
});

/** Uniform numbers in [0, 1): mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
