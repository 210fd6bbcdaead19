/** The functions that KQL has and SQLite lacks, for a connection that answers queries. */
import type { DatabaseSync } from 'node:sqlite';

export function registerKqlFunctions(sqlite: DatabaseSync): void {
  const pure = { deterministic: true };
  sqlite.function('kql_has', pure, (text, term) => Number(hasTerm(String(text), String(term))));
  sqlite.function('kql_regex', pure, (text, pattern) => Number(regex(String(pattern)).test(String(text))));
  sqlite.function('kql_number', pure, (value) => orNull(value === null || value === '' ? Number.NaN : Number(value)));
  sqlite.function('kql_time', pure, (value) => orNull(typeof value === 'number' ? value : Date.parse(String(value))));
  sqlite.function('kql_bool', pure, (value) => {
    const word = String(value).toLowerCase();
    if (word === 'true' || word === '1') return 1;
    return word === 'false' || word === '0' ? 0 : null;
  });
  sqlite.aggregate('kql_percentile', { start: () => new Float64Array(16), step: collect, result: nearestRank });
  sqlite.aggregate('kql_stdev', { start: () => new Float64Array(3), step: welford, result: sampleDeviation });
}

/** Whether the text has the term as a whole word: beside it stands no letter and no digit. */
function hasTerm(text: string, term: string): boolean {
  if (term === '') return true;
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + term.length])) return true;
  }
  return false;
}

const isWordCharacter = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const orNull = (number: number): number | null => (Number.isFinite(number) ? number : null);

const regexes = new Map<string, RegExp>();

function regex(pattern: string): RegExp {
  let found = regexes.get(pattern);
  if (!found) {
    if (regexes.size >= 100) regexes.clear();
    found = pattern.startsWith('(?i)') ? new RegExp(pattern.slice(4), 'i') : new RegExp(pattern);
    regexes.set(pattern, found);
  }
  return found;
}

/** State: how many values, the share in percent, the values. */
function collect(state: Float64Array, value: unknown, share: unknown): Float64Array {
  if (typeof value !== 'number') return state;
  const count = state[0] as number;
  let grown = state;
  if (count + 2 >= state.length) {
    grown = new Float64Array(2 * state.length);
    grown.set(state);
  }
  grown[count + 2] = value;
  grown[0] = count + 1;
  grown[1] = Number(share);
  return grown;
}

function nearestRank(state: Float64Array): number | null {
  const [count, share] = [state[0] as number, state[1] as number];
  if (count === 0) return null;
  const sorted = state.slice(2, 2 + count).sort();
  const rank = Math.ceil((share / 100) * count);
  return sorted[Math.min(Math.max(rank, 1), count) - 1] as number;
}

/** State: count, mean, sum of squared distances (Welford 1962). */
function welford(state: Float64Array, value: unknown): Float64Array {
  if (typeof value !== 'number') return state;
  const count = (state[0] as number) + 1;
  const mean = (state[1] as number) + (value - (state[1] as number)) / count;
  return Float64Array.of(count, mean, (state[2] as number) + (value - (state[1] as number)) * (value - mean));
}

/** Of a sample, n - 1; 0 for a single value, as in KQL. */
function sampleDeviation([count = 0, , squares = 0]: Float64Array): number | null {
  if (count === 0) return null;
  return count === 1 ? 0 : Math.sqrt(squares / (count - 1));
}
