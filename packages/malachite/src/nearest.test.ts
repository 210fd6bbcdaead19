import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

test('a slip of the finger finds its word, a word of its own finds none', () => {
  expect(nearest('max_trails', ['max_trials', 'timeout_minutes'])).toBe('max_trials');
  expect(nearest('AUC_Weighted', ['auc_weighted'])).toBe('auc_weighted');
  expect(nearest('colour', ['max_trials', 'task'])).toBeUndefined();
  expect(didYouMean('lst', ['list', 'show'])).toBe(' Did you mean "list"?');
});
