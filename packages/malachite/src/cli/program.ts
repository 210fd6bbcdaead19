/** The commander program made of our commands: help, flags, examples, and what is not there yet. */
import { MalachiteError } from '@malachite/core/errors';
import { Argument, Command as CommanderCommand } from 'commander';
import type { Command, CommandGroup } from './command.ts';
import { commonFlags, type Flag, toOption } from './flags.ts';
import { nounsNotYet, verbsNotYet } from './not-yet.ts';

export type Invocation = {
  readonly command: Command;
  readonly flags: readonly Flag[];
  readonly values: Record<string, unknown>;
  readonly arguments: readonly string[];
};

const environmentNote = `
Every flag has an environment variable: --no-wait is MALACHITE_NO_WAIT. Also MALACHITE_HOME (the workspace's folder, default .malachite),
MALACHITE_ENDPOINT (the server to talk to) and MALACHITE_BACKEND (local or azure).`;

/** `invoke` is called with what was typed. Wrong calls are thrown as commander's errors, things not there yet as `NotSupported`. */
export function buildProgram(
  version: string,
  commands: readonly (Command | CommandGroup)[],
  invoke: (invocation: Invocation) => Promise<void>,
): CommanderCommand {
  const program = quiet(new CommanderCommand('malachite'))
    .description('Azure Machine Learning on your own machine.')
    // Else --version behind "model show" would be the program's own.
    .enablePositionalOptions()
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Show this help.')
    .addHelpText('after', `\nExample:\n  $ malachite up\n${environmentNote}`);
  for (const entry of commands) {
    if ('commands' in entry) addGroup(program, entry, invoke);
    else addCommand(program, entry, invoke);
  }
  for (const [noun, sentence] of Object.entries(nounsNotYet)) addNotYet(program, noun, sentence);
  return program;
}

function addGroup(program: CommanderCommand, group: CommandGroup, invoke: (invocation: Invocation) => Promise<void>): void {
  const noun = quiet(program.command(group.name))
    .description(group.describe)
    .helpCommand(false)
    .helpOption('-h, --help', 'Show this help.');
  for (const command of group.commands) addCommand(noun, command, invoke);
  for (const [verb, sentence] of Object.entries(verbsNotYet[group.name] ?? {})) addNotYet(noun, verb, sentence);
  const first = group.commands[0];
  if (first) noun.addHelpText('after', `\nExample:\n  $ ${first.example}`);
}

function addCommand(parent: CommanderCommand, command: Command, invoke: (invocation: Invocation) => Promise<void>): void {
  const flags = [...command.options, ...commonFlags(command.outputFlag)];
  const added = quiet(parent.command(command.name)).description(command.describe).helpOption('-h, --help', 'Show this help.');
  for (const [name, describe] of command.arguments ?? []) added.addArgument(new Argument(name, describe));
  for (const flag of flags) added.addOption(toOption(flag));
  added.addHelpText('after', `\nExample:\n  $ ${command.example}`);
  allowShortened(added);
  added.action((...received: unknown[]) => {
    const self = received.at(-1) as CommanderCommand;
    return invoke({ command, flags, values: self.opts(), arguments: self.args });
  });
}

/** As in az, a long flag may be cut short where it can only mean one: its documentation writes `--endpoint` for `--endpoint-name`. */
function allowShortened(command: CommanderCommand): void {
  const parse = command.parseOptions.bind(command);
  const names = command.options.map(({ long }) => long ?? '');
  const whole = (argument: string): string => {
    const [flag = '', ...value] = argument.split('=');
    if (!flag.startsWith('--') || flag === '--' || names.includes(flag)) return argument;
    const [only, another] = names.filter((name) => name.startsWith(flag));
    return only !== undefined && another === undefined ? [only, ...value].join('=') : argument;
  };
  command.parseOptions = (given) => {
    const end = given.indexOf('--');
    const flags = end === -1 ? given.length : end;
    return parse([...given.slice(0, flags).map(whole), ...given.slice(flags)]);
  };
}

function addNotYet(parent: CommanderCommand, name: string, sentence: string): void {
  quiet(parent.command(name, { hidden: true }))
    .allowUnknownOption()
    .helpOption(false)
    .argument('[anything...]')
    .action(() => {
      throw new MalachiteError('NotSupported', sentence);
    });
}

/** Errors are thrown, not printed: the caller prints every error in one form. */
function quiet(command: CommanderCommand): CommanderCommand {
  return command.exitOverride().configureOutput({ writeErr: () => undefined, outputError: () => undefined });
}
