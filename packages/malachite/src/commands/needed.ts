/** The commands that one call needs. */
import type { Command, CommandGroup } from '../cli/command.ts';

/**
 * All of them, for the help and for names that are misspelt. What serves a model is asked to be ready at once, so it is read without the
 * others and the schemas that they bring, which takes as long as loading the model.
 *
 * @param name the first word of the call
 */
export async function neededCommands(name: string | undefined): Promise<readonly (Command | CommandGroup)[]> {
  if (name === 'serve') return [(await import('./serve.ts')).serve];
  if (name === 'inspect') return [(await import('./inspect.ts')).inspect];
  return (await import('./index.ts')).commands;
}
