/** What a command of the CLI is: a name, words about it, its flags, and a function from a context to a result. */
import type { Workspace } from '@malachite/core';
import type { Flag, Flags } from './flags.ts';

export type Command = {
  readonly name: string;
  readonly describe: string;
  /** Positional arguments, such as `<model>` or `[file]`, each with its description. */
  readonly arguments?: readonly (readonly [name: string, describe: string])[];
  readonly options: readonly Flag[];
  readonly example: string;
  /** Columns of the table that `-o table` prints, as JMESPath; without it, every scalar field. */
  readonly columns?: readonly string[];
  /** Text of the result on a terminal, for results that are no table. */
  readonly text?: (result: never) => string;
  /** The result as data, where it is not what `run` returns. */
  readonly data?: (result: never) => unknown;
  /** Keeps the fields as core names them (camelCase), where `az ml` answers so too. */
  readonly camelCase?: true;
  /** The long name of `-o`, where `--output` means something else. */
  readonly outputFlag?: 'format';
  /** Ctrl-C goes to `context.signal`, for the command to end what it started; otherwise it ends the process. */
  readonly handlesInterrupt?: true;
  /** Does the work. What it returns goes to stdout; `undefined` prints nothing. */
  run(context: Context): Promise<unknown>;
};

/** Commands below one noun: `malachite data create`. */
export type CommandGroup = { readonly name: string; readonly describe: string; readonly commands: readonly Command[] };

export type Context = {
  readonly flags: Flags;
  readonly arguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** The workspace of the running server; opened once, closed after the command. `Unavailable` when no server runs. */
  workspace(): Promise<Workspace>;
  /** A line on stdout while the command goes on, for commands that stay: an address, `READY`. */
  print(line: string): void;
  /** Text on stdout for results too large to be held as one; resolves when more may come. */
  write(text: string): Promise<void>;
  /** A line on stderr: progress, never the result. */
  note(line: string): void;
  /** `warning: …` on stderr. */
  warn(sentence: string): void;
  /** The result is printed, and the exit code says that the operation failed (1). */
  failed(sentence: string): void;
  /** Whether stderr is a terminal: colour and moving lines are for those only. */
  readonly terminal: boolean;
};
