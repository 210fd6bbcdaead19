/** Tells the walk-through on stderr, a line a step with its time. On a terminal, a long step shows what it is doing. */
import { styleText } from 'node:util';

/** What a step answers: its value, and the words that stand in its line. */
export type Told<T> = { readonly value: T; readonly outcome: string };

export type Story = {
  /** Runs a step and tells it. `progress` is for what happens inside; on a terminal each line replaces the one before. */
  step<T>(title: string, work: (progress: (line: string) => void) => Promise<Told<T>>): Promise<T>;
  /** Seconds since the story began. */
  elapsed(): number;
};

type StoryOptions = {
  readonly write: (text: string) => void;
  /** Colour and moving lines. */
  readonly terminal: boolean;
  /** Aborted by Ctrl-C: the step under way is interrupted, it has not failed. */
  readonly signal?: AbortSignal;
  /** Milliseconds; `performance.now`, which counts from the start of the process. */
  readonly clock?: () => number;
};

const titleWidth = 34;

export function tellStory({ write, terminal, signal, clock = () => performance.now() }: StoryOptions): Story {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    terminal ? styleText(format, text, { validateStream: false }) : text;
  const seconds = (since: number) => `${((clock() - since) / 1000).toFixed(1)} s`;
  return {
    elapsed: () => clock() / 1000,
    async step(title, work) {
      const began = clock();
      const running = (detail: string) => {
        if (terminal) write(`\r\u001b[K${paint('cyan', '…')} ${title.padEnd(titleWidth)} ${paint('dim', detail.slice(0, 90))}`);
        else if (detail) write(`    ${detail}\n`);
      };
      running('');
      try {
        const { value, outcome } = await work(running);
        const mark = terminal ? `\r\u001b[K${paint('green', '✔')}` : '+';
        write(`${mark} ${title.padEnd(titleWidth)} ${outcome} ${paint('dim', `(${seconds(began)})`)}\n`);
        return value;
      } catch (error) {
        const mark = terminal ? `\r\u001b[K${paint('red', '✘')}` : '-';
        write(
          `${mark} ${title.padEnd(titleWidth)} ${signal?.aborted ? 'interrupted' : 'failed'} ${paint('dim', `(${seconds(began)})`)}\n`,
        );
        throw error;
      }
    },
  };
}
