/** What a job process prints, in the layout of Azure ML's AutoML console. It becomes std_log.txt. */
import type { AutoMLEvent } from '@malachite/automl';
import type { Trial } from '@malachite/core';

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
        print(`Current status: ${event.phase}. ${event.description}`);
        break;
      case 'log':
        print(`${event.level.toUpperCase()}: ${event.message}`);
        break;
      case 'guardrails':
        for (const { friendlyType, result, description } of event.guardrails) {
          print(`\nTYPE:         ${friendlyType}\nSTATUS:       ${result.toUpperCase()}\nDESCRIPTION:  ${description}`);
        }
        break;
      case 'trial':
        if (!hasHeading) print(heading);
        hasHeading = true;
        print(trialLine(event.record.trial, event.bestScore));
    }
  };
}

function trialLine({ iteration, preprocessor, algorithm, fitSeconds, score, error }: Trial, bestScore: number | null): string {
  const name = `${preprocessor} ${algorithm}`.padEnd(46);
  const figures = `${clock(fitSeconds)} ${fixed(score).padStart(11)} ${fixed(bestScore).padStart(9)}`;
  const line = `${String(iteration).padStart(10)}   ${name} ${figures}`;
  return error === undefined ? line : `${line}\nERROR: ${error}`;
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
