/** Ours, not Azure's: warns of labels that are probably one label, or none. */

import { classCounts, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** What people write where a value is missing, in small letters. `none` is left out: it is an answer as often as not. */
const missingWords = new Set(['na', 'n/a', '#n/a', '<na>', 'nan', 'null', '?', '-']);

export const labelSpelling: GuardrailCheck = {
  type: '_label_spelling',
  friendlyType: 'Label spelling detection',
  learnMore: '',
  preface: 'Labels that are written in two ways are two classes, and a word for "missing" is a class of its own.',
  parameterNames: { class_name: 'Class', rows: 'Rows', why: 'Why' },
  check({ target }: GuardrailInput): Finding | undefined {
    if (target.task !== 'classification' || typeof target.classes[0] !== 'string') return undefined;
    const counts = classCounts(target.y, target.classes);
    const rows = target.classes.map((label, k) => ({ label: String(label), rows: counts[k] as number }));
    const bare = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase();
    const likened = Map.groupBy(rows, ({ label }) => bare(label));
    const parameters = rows.flatMap(({ label, rows }) => {
      const others = (likened.get(bare(label)) ?? []).filter((other) => other.label !== label).sort((a, b) => b.rows - a.rows);
      const why = missingWords.has(bare(label))
        ? 'may stand for a missing value'
        : others[0] && `differs from ${JSON.stringify(others[0].label)} in case or blanks only`;
      return why === undefined ? [] : [{ class_name: label, rows: String(rows), why }];
    });
    if (parameters.length === 0)
      return passed('No two labels differ in case or blanks only, and none stands for a missing value.');
    return {
      result: 'alerted',
      description: 'Write each label in one way, and leave the cell empty where there is none.',
      parameters: listed(parameters),
    };
  },
};
