/** The process of the CLI: one call from its arguments to its exit code. */
import { once } from 'node:events';
import type { Workspace } from '@malachite/core';
import { asMalachiteError, MalachiteError } from '@malachite/core/errors';
import { CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { Context } from './cli/command.ts';
import { exitCodeOf, exitCodes } from './cli/exit-codes.ts';
import { Flags } from './cli/flags.ts';
import { type OutputFormat, outputFormats, renderResult } from './cli/output.ts';
import { buildProgram, type Invocation } from './cli/program.ts';
import { neededCommands } from './commands/needed.ts';

const interrupted = new AbortController();
let exitCode: number = exitCodes.done;

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCode : exitCodes.failed));
// Started by an older Node (see bin/malachite.js): when that one is gone, so are we.
if (process.connected) {
  process.channel?.unref();
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
}
// Who reads the progress may go away (`2>&1 | head`); the work goes on.
process.stderr.on('error', () => undefined);

try {
  await buildProgram(manifest.version, await neededCommands(process.argv[2]), run).parseAsync(process.argv);
} catch (thrown) {
  reportError(thrown, /(^| )(-o|--output)[ =]?json( |$)/.test(process.argv.join(' ')) ? 'json' : undefined);
}
// A reader may be slow; what was said reaches it before the end.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));

async function run(invocation: Invocation): Promise<void> {
  const { command } = invocation;
  const flags = new Flags(invocation.flags, invocation.values, process.env);
  const format = flags.word(command.outputFlag ?? 'output', outputFormats) ?? (process.stdout.isTTY ? 'table' : 'json');
  if (command.handlesInterrupt) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort(signal));
  }
  let workspace: Promise<Workspace> | undefined;
  const context: Context = {
    flags,
    arguments: invocation.arguments,
    env: process.env,
    signal: interrupted.signal,
    terminal: process.stderr.isTTY === true,
    workspace: () =>
      (workspace ??= import('./open-workspace.ts').then(({ connect }) => connect({ ...process.env, ...azureNames(flags) }))),
    print: (line) => void process.stdout.write(`${line}\n`),
    write: async (text) => {
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    },
    note: (line) => void process.stderr.write(`${line}\n`),
    warn: (sentence) => {
      if (!flags.is('only-show-errors')) process.stderr.write(`warning: ${sentence}\n`);
    },
    failed: (sentence) => {
      exitCode = exitCodes.failed;
      process.stderr.write(`error: Failed: ${sentence}\n`);
    },
  };
  try {
    const result = await command.run(context);
    process.stdout.write(renderResult(result, { format, query: flags.text('query'), command }));
  } catch (thrown) {
    reportError(thrown, format, flags.is('verbose') || flags.is('debug'));
  } finally {
    await (await workspace?.catch(() => undefined))?.close();
  }
}

/** `-w`, `-g` and `--subscription` as the variables that name a workspace of Azure. */
function azureNames(flags: Flags): NodeJS.ProcessEnv {
  const given = [
    ['AZUREML_WORKSPACE_NAME', flags.text('workspace-name')],
    ['AZURE_RESOURCE_GROUP', flags.text('resource-group')],
    ['AZURE_SUBSCRIPTION_ID', flags.text('subscription')],
  ] as const;
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** `error: <Code>: <sentence>` on stderr; with `-o json` the same as an object on stdout. */
function reportError(thrown: unknown, format: OutputFormat | undefined = undefined, verbose = false): void {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return;
  const error = thrown instanceof CommanderError ? wrongCall(thrown) : asMalachiteError(thrown);
  exitCode = exitCodeOf(error.code);
  if (format === 'json') process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
  process.stderr.write(`error: ${error.code}: ${error.message}\n`);
  if (verbose) process.stderr.write(`${String((error.cause as Error | undefined)?.stack ?? error.stack)}\n`);
}

/** Commander's own errors as a sentence of ours. */
function wrongCall(error: CommanderError): MalachiteError {
  if (error.code === 'commander.help') return new MalachiteError('InvalidInput', 'A command is missing; --help lists them.');
  const [what = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${what[0]?.toUpperCase()}${what.slice(1)}`.replace(/\.$/, '');
  const hint = suggestion?.replace(/^\((.*)\)$/, ' $1') ?? '';
  return new MalachiteError('InvalidInput', `${sentence}.${hint}`);
}
