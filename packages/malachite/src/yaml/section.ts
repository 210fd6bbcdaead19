/**
 * The fields of one YAML mapping, read by name and type. What was not read when `end()` is called is either a field of
 * Azure's that we do not honour (a warning) or a misspelling (an error that names the nearest field).
 */
import { MalachiteError } from '@malachite/core';
import { didYouMean } from '../nearest.ts';
import { snakeCase } from './snake-case.ts';

type Place = { readonly file: string; readonly path: string; readonly warnings: string[] };

/** Fields that the service answers with: accepted in a file and dropped, as Azure's client does. */
const readOnlyFields = new Set([
  '$schema',
  'id',
  'creation_context',
  'provisioning_state',
  'provisioning_errors',
  'created_on',
  'latest_version',
  'status',
  'log_files',
]);

export class Section {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: Place;
  readonly #known = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, place: Place) {
    this.#values = values;
    this.#place = place;
  }

  /** The names of the fields that are there. */
  get names(): string[] {
    return Object.keys(this.#values);
  }

  has(name: string): boolean {
    this.#known.add(name);
    return Object.hasOwn(this.#values, name);
  }

  /** A text; a number or a boolean is refused, because YAML has changed it already (`1.10`, `no`). */
  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(name, `must be text; write it in quotes: "${String(value)}"`);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new MalachiteError('InvalidInput', `${this.#place.file}: "${this.#path(name)}" is required.`);
    return value;
  }

  /** A text or a number, as text: versions are written `1` and `"1"`. */
  version(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw this.wrong(name, 'must be a version, such as 1');
  }

  /** A label of a target column: a text or a number, as text. `yes` without quotes is none: YAML has changed it. */
  label(name: string): string | undefined {
    const value = this.#value(name);
    return typeof value === 'number' ? String(value) : this.text(name);
  }

  number(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    throw this.wrong(name, 'must be a number');
  }

  integer(name: string): number | undefined {
    const value = this.number(name);
    if (value === undefined || Number.isInteger(value)) return value;
    throw this.wrong(name, 'must be a whole number');
  }

  boolean(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    throw this.wrong(name, 'must be true or false');
  }

  /** One of a few words, in any of the spellings Azure takes (`auc_weighted`, `AUC_weighted`, `AUCWeighted`): case and underscores do not matter. */
  word<const W extends readonly string[]>(name: string, words: W): W[number] | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (value === false && words.includes('off'))
      throw this.wrong(name, "must be written in quotes: 'off' (YAML reads off as false)");
    return this.#oneOf(name, value, words);
  }

  /** A list of such words. */
  words<const W extends readonly string[]>(name: string, words: W): W[number][] | undefined {
    return this.#list(name)?.map((value) => this.#oneOf(name, value, words));
  }

  texts(name: string): string[] | undefined {
    return this.#list(name)?.map((value) => {
      if (typeof value === 'string') return value;
      throw this.wrong(name, 'must be a list of texts');
    });
  }

  /** A mapping with names of the user's own and scalar values, as texts. */
  tags(name: string): Record<string, string> | undefined {
    return this.#scalars(name, (value) => String(value));
  }

  /** The same with whole numbers. */
  integers(name: string): Record<string, number> | undefined {
    return this.#scalars(name, (value, key) => {
      const number = typeof value === 'boolean' ? Number.NaN : Number(value);
      if (Number.isInteger(number)) return number;
      throw this.wrong(`${name}.${key}`, 'must be a whole number');
    });
  }

  /** A mapping inside this one. */
  section(name: string): Section | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return new Section(value as Record<string, unknown>, { ...this.#place, path: this.#path(name) });
    }
    throw this.wrong(name, 'must be a mapping (fields below it)');
  }

  /** A list of mappings. */
  sections(name: string): Section[] | undefined {
    return this.#list(name)?.map((value, i) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return new Section(value as Record<string, unknown>, { ...this.#place, path: this.#path(`${name}[${i}]`) });
      }
      throw this.wrong(`${name}[${i}]`, 'must be a mapping (fields below it)');
    });
  }

  /** A mapping with names that this kind does not know, and single values as they are. */
  values(name: string): Record<string, string | number | boolean | null> | undefined {
    const section = this.section(name);
    if (section === undefined) return undefined;
    return Object.fromEntries(
      section.names.map((key) => {
        const value = section.#values[key];
        if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
          return [key, value];
        throw this.wrong(`${name}.${key}`, 'must be a single value');
      }),
    );
  }

  /** Whether the field holds a plain text (a reference) rather than fields. */
  isText(name: string): boolean {
    return typeof this.#values[name] === 'string';
  }

  /**
   * Says that reading is over. `notHonoured` are fields of Azure's that this kind takes and Malachite does not act on:
   * each that is present becomes a warning. Any other field left is an `InvalidInput`.
   */
  end(notHonoured: readonly string[] = []): void {
    for (const name of Object.keys(this.#values)) {
      if (this.#known.has(name) || readOnlyFields.has(name)) continue;
      if (notHonoured.includes(name)) {
        this.#place.warnings.push(`${this.#place.file}: "${this.#path(name)}" is not honoured by Malachite yet; it is left out.`);
        continue;
      }
      const known = [...this.#known, ...notHonoured];
      throw new MalachiteError(
        'InvalidInput',
        `${this.#place.file}: "${this.#path(name)}" is not a known field.${didYouMean(name, known)}`,
      );
    }
  }

  /** An error about one field; `hint` is a sentence of its own. */
  wrong(name: string, must: string, hint = ''): MalachiteError {
    return new MalachiteError('InvalidInput', `${this.#place.file}: "${this.#path(name)}" ${must}.${hint}`);
  }

  /** A remark about a field that was read. */
  warn(name: string, remark: string): void {
    this.#place.warnings.push(`${this.#place.file}: "${this.#path(name)}" ${remark}.`);
  }

  #path(name: string): string {
    return this.#place.path ? `${this.#place.path}.${name}` : name;
  }

  #value(name: string): unknown {
    this.#known.add(name);
    if (!Object.hasOwn(this.#values, name)) return undefined;
    const value = this.#values[name];
    if (value === null) throw this.wrong(name, 'is empty; give it a value or leave it out');
    return value;
  }

  #list(name: string): unknown[] | undefined {
    const value = this.#value(name);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.wrong(name, 'must be a list');
  }

  #oneOf<const W extends readonly string[]>(name: string, value: unknown, words: W): W[number] {
    const bare = (word: string): string => word.replaceAll('_', '').toLowerCase();
    const found = words.find((word) => typeof value === 'string' && bare(word) === bare(value));
    if (found !== undefined) return found;
    const spellings = words.map(snakeCase);
    const hint = typeof value === 'string' ? didYouMean(snakeCase(value), spellings) : '';
    throw this.wrong(name, `is "${String(value)}", which is none of ${spellings.join(', ')}`, hint);
  }

  #scalars<T>(name: string, read: (value: string | number | boolean, key: string) => T): Record<string, T> | undefined {
    const section = this.section(name);
    if (section === undefined) return undefined;
    return Object.fromEntries(
      section.names.map((key) => {
        const value = section.#values[key];
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [key, read(value, key)];
        throw this.wrong(`${name}.${key}`, 'must be a single value');
      }),
    );
  }
}
