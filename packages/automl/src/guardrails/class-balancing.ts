/** Warns when the rarest class is far rarer than the most common one. */

import { classCounts, type Finding, type GuardrailCheck, type GuardrailInput, passed } from './guardrail.ts';

/** Smallest / largest class at or below which classes are not balanced. */
const imbalance = 0.2;

export const classBalancing: GuardrailCheck = {
  type: '_class_balancing',
  friendlyType: 'Class balancing detection',
  learnMore: 'Learn more about imbalanced data: https://aka.ms/AutomatedMLImbalancedData',
  preface:
    "Imbalanced data can lead to a falsely perceived positive effect of a model's accuracy because the input data has bias towards one class.",
  parameterNames: {
    size_of_smallest_class: 'Size of the smallest class',
    name_of_smallest_class: 'Name/Label of the smallest class',
    num_of_samples: 'Number of samples in the training data',
  },
  check({ target, weights }: GuardrailInput): Finding | undefined {
    if (target.task !== 'classification' || weights !== undefined) return undefined;
    const counts = classCounts(target.y, target.classes);
    const smallest = Math.min(...counts);
    if (smallest > imbalance * Math.max(...counts)) {
      return passed('Your inputs were analyzed, and all classes are balanced in your training data.');
    }
    return {
      result: 'alerted',
      description: 'To decrease model bias, please cancel the current run and fix balancing problem.',
      parameters: [
        {
          size_of_smallest_class: String(smallest),
          name_of_smallest_class: String(target.classes[counts.indexOf(smallest)]),
          num_of_samples: String(target.y.length),
        },
      ],
    };
  },
};
