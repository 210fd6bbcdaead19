/** The flags of one call, by name and type. A flag that is not given is looked up as `MALACHITE_<FLAG>`. */
import { MalachiteError } from '@malachite/core/errors';
import { Option } from 'commander';

/** One flag, in commander's notation: `-n, --name <name>`; `<value...>` takes several, after one flag or after each of several. */
export type Flag = { readonly flags: string; readonly describe: string };

/** Flags that every command takes; `output` is the long name of `-o`. */
export function commonFlags(output: 'output' | 'format' = 'output'): readonly Flag[] {
  return [
    {
      flags: `-o, --${output} <format>`,
      describe: 'json, table, yaml, tsv or none. Default: table on a terminal, json in a pipe.',
    },
    { flags: '--query <expression>', describe: 'JMESPath over the result.' },
    { flags: '-w, --workspace-name <name>', describe: 'The workspace, with MALACHITE_BACKEND=azure; without it ignored.' },
    { flags: '-g, --resource-group <name>', describe: 'Its resource group, with MALACHITE_BACKEND=azure; without it ignored.' },
    { flags: '--subscription <id>', describe: 'Its subscription, with MALACHITE_BACKEND=azure; without it ignored.' },
    { flags: '--verbose', describe: 'Say more: what goes wrong, and in automl what is made of every column.' },
    { flags: '--debug', describe: 'The same as --verbose.' },
    { flags: '--only-show-errors', describe: 'No warnings.' },
  ];
}

export const fileFlag: Flag = { flags: '-f, --file <yaml>', describe: "A YAML file as Azure's CLI v2 takes it." };
export const setFlag: Flag = {
  flags: '--set <path=value...>',
  describe: 'Sets fields of the YAML, such as limits.max_trials=5 seed=1. Can be repeated.',
};
export const nameFlag: Flag = { flags: '-n, --name <name>', describe: 'The name.' };
const versionFlag: Flag = { flags: '-v, --version <version>', describe: 'The version. Default: the latest.' };
const labelFlag: Flag = { flags: '-l, --label <label>', describe: 'Instead of a version: latest, the only label there is.' };
/** Which version of an asset: read with `assetVersion`. */
export const versionFlags: readonly Flag[] = [versionFlag, labelFlag];
/** Of every `delete`: habits of scripts for `az`. */
export const deleteFlags: readonly Flag[] = [
  { flags: '-y, --yes', describe: 'Accepted without effect: nothing is asked.' },
  { flags: '--no-prompt', describe: 'Accepted without effect: nothing is asked.' },
];
/** Of lists: read with `limited`. */
export const maxResultsFlag: Flag = { flags: '-r, --max-results <n>', describe: 'At most this many.' };
export const noWaitFlag: Flag = { flags: '--no-wait', describe: 'Return at once; the work goes on.' };

/** A commander option for a flag. */
export function toOption(flag: Flag): Option {
  return new Option(flag.flags, flag.describe);
}

/** The version that `versionFlags` name; undefined for the latest. */
export function assetVersion(flags: Flags): string | undefined {
  const version = flags.text('version');
  const label = flags.word('label', ['latest']);
  if (version === undefined || label === undefined) return version;
  throw new MalachiteError('InvalidInput', 'Give --version or --label, not both.');
}

/** The first of the rows, as many as `maxResultsFlag` says; without it all. */
export function limited<T>(flags: Flags, rows: readonly T[]): T[] {
  return rows.slice(0, flags.integer('max-results', { min: 1 }));
}

export class Flags {
  readonly #options: ReadonlyMap<string, Option>;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #env: NodeJS.ProcessEnv;

  constructor(flags: readonly Flag[], values: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv) {
    this.#options = new Map(flags.map((flag) => toOption(flag)).map((option) => [option.name(), option]));
    this.#values = values;
    this.#env = env;
  }

  /** The value of `--name`, or undefined. */
  text(name: string): string | undefined {
    const value = this.#given(name);
    if (Array.isArray(value)) return value.at(-1) as string | undefined;
    return typeof value === 'string' ? value : this.#fromEnv(name);
  }

  /** The value of a flag that must be there. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw new MalachiteError('InvalidInput', `--${name} is required.`);
    return value;
  }

  /** A number with bounds, both inclusive. */
  number(name: string, { min = -Infinity, max = Infinity, whole = false } = {}): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value))) {
      const range = min > -Infinity ? ` from ${min}${max < Infinity ? ` to ${max}` : ' up'}` : '';
      throw new MalachiteError('InvalidInput', `--${name} takes a ${whole ? 'whole ' : ''}number${range}; not "${text}".`);
    }
    return value;
  }

  /** A whole number with bounds. */
  integer(name: string, bounds: { min?: number; max?: number } = {}): number | undefined {
    return this.number(name, { ...bounds, whole: true });
  }

  /** One of a few words. */
  word<const W extends readonly string[]>(name: string, words: W): W[number] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new MalachiteError('InvalidInput', `--${name} takes ${words.join(', ')}; not "${text}".`);
    return found;
  }

  /** Every value of a flag that takes several. */
  all(name: string): readonly string[] {
    const value = this.#given(name);
    if (Array.isArray(value)) return value as string[];
    const fromEnv = this.#fromEnv(name);
    return fromEnv === undefined ? [] : [fromEnv];
  }

  /** Whether a flag without a value was given (`--no-wait` counts as given under `no-wait`). */
  is(name: string): boolean {
    const option = this.#option(name);
    const value = this.#values[option.attributeName()];
    if (option.negate ? value === false : value === true) return true;
    const fromEnv = this.#fromEnv(name);
    return fromEnv !== undefined && !['', '0', 'false', 'no'].includes(fromEnv.toLowerCase());
  }

  #option(name: string): Option {
    const option = this.#options.get(name);
    if (option === undefined) throw new Error(`The command declares no flag --${name}.`);
    return option;
  }

  #given(name: string): unknown {
    return this.#values[this.#option(name).attributeName()];
  }

  #fromEnv(name: string): string | undefined {
    return this.#env[`MALACHITE_${name.replaceAll('-', '_').toUpperCase()}`];
  }
}
