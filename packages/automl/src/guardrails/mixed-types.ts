/** Ours, not Azure's: warns of columns that are numbers but for a few words or their dress (`$1,200`, `15 %`), and are read as text for that. */

import type { StringColumn } from '../table/table.ts';
import { columnsWithPurposes, type Finding, type GuardrailCheck, type GuardrailInput, listed, passed } from './guardrail.ts';

/** A number with a currency, a sign of percent, separators of thousands or a comma as its point. */
const dressed = /^[(\s]*[-+]?\s*[$€£¥]?\s*[-+]?(\d{1,3}([,.'\s]\d{3})+|\d+)([.,]\d+)?\s*[%$€£¥]?[)\s]*$/;

/** Most rows must be numbers, and more different ones than categories written as digits usually have. */
const mostly = 0.5;
const fewestNumbers = 10;
const shownWords = 3;

export const mixedTypes: GuardrailCheck = {
  type: '_mixed_type_column',
  friendlyType: 'Mixed type detection',
  learnMore: '',
  preface: 'A column of numbers with words in it is read as text: each number is a word of its own then, without order.',
  parameterNames: { column_name: 'Column name', number_count: 'Numbers', word_count: 'Words', words: 'Such as' },
  check(input: GuardrailInput): Finding {
    const parameters = columnsWithPurposes(input).flatMap(({ column }) => {
      if (column.kind !== 'string' || column.source !== 'string') return [];
      const { numbers, dressedNumbers, words, distinct, examples } = parts(column);
      if (words === 0 || distinct < fewestNumbers || numbers + dressedNumbers <= mostly * (numbers + words)) return [];
      return [
        {
          column_name: column.name,
          number_count: String(numbers),
          word_count: String(words),
          words: examples.map((text) => JSON.stringify(text.slice(0, 20))).join(', '),
        },
      ];
    });
    if (parameters.length === 0) return passed('No text column is made of numbers.');
    return {
      result: 'alerted',
      description: 'Correct these words to plain numbers or leave their cells empty, so that the column is read as numbers.',
      parameters: listed(parameters),
    };
  },
};

/** Rows that spell numbers and rows that do not (some of them dressed numbers), different numbers, and the first of the other texts. */
function parts({ codes, dictionary }: StringColumn) {
  const rows = new Int32Array(dictionary.length);
  for (const code of codes) if (code >= 0) rows[code]!++;
  let [numbers, dressedNumbers, words, distinct] = [0, 0, 0, 0];
  const examples: string[] = [];
  for (const [code, text] of dictionary.entries()) {
    const count = rows[code]!;
    if (count === 0) continue;
    if (text.trim() !== '' && Number.isFinite(Number(text))) {
      numbers += count;
      distinct++;
    } else {
      words += count;
      // `007` is a code, and told by its leading zero.
      if (dressed.test(text) && !/^0\d/.test(text)) {
        dressedNumbers += count;
        distinct++;
      }
      if (examples.length < shownWords) examples.push(text);
    }
  }
  return { numbers, dressedNumbers, words, distinct, examples };
}
