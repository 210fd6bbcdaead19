import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';
import { resultText } from '../../console/leaderboard.ts';

export const jobResult: Command = {
  name: 'result',
  describe: 'Leaderboard, guardrails and explanation of an AutoML job, so far.',
  options: [nameFlag],
  example: 'malachite job result -n NAME --query "trials[0].metrics"',
  text: resultText,
  async run({ flags, workspace }) {
    return (await workspace()).training.result({ name: flags.required('name') });
  },
};
