/** What a job process prints, in the layout of Azure ML's AutoML console. It becomes std_log.txt. */
import type { AutoMLEvent } from '@malachite/automl';

const heading = `${'*'.repeat(100)}
ITERATION: The iteration being evaluated.
PIPELINE: A summary description of the pipeline being evaluated.
DURATION: Time taken for the current iteration.
METRIC: The result of computing score on the fitted pipeline.
BEST: The best observed score thus far.
${'*'.repeat(100)}

 ITERATION   PIPELINE                                       DURATION      METRIC      BEST`;

/** @param print takes one text, without its line end. */
export function azureConsole(print: (text: string) => void): (event: AutoMLEvent) => void {
  let hasHeading = false;
  return (event) => {
    switch (event.type) {
      case 'phase':
        return print(`Current status: ${event.phase}. ${event.description}`);
      case 'log':
        return print(`${event.level.toUpperCase()}: ${event.message}`);
      case 'guardrails':
        return event.guardrails.forEach((rail) => {
          print(
            `\nTYPE:         ${rail.friendlyType}\nSTATUS:       ${rail.result.toUpperCase()}\nDESCRIPTION:  ${rail.description}`,
          );
        });
      case 'trial': {
        if (!hasHeading) print(heading);
        hasHeading = true;
        const { iteration, preprocessor, algorithm, fitSeconds, score, error } = event.record.trial;
        const name = `${preprocessor} ${algorithm}`.padEnd(46);
        print(
          `${String(iteration).padStart(10)}   ${name} ${clock(fitSeconds)} ${fixed(score).padStart(11)} ${fixed(event.bestScore).padStart(9)}`,
        );
        if (error !== undefined) print(`ERROR: ${error}`);
      }
    }
  };
}

function fixed(score: number | null): string {
  return score === null ? 'nan' : score.toFixed(4);
}

/** `0:00:57` */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
