/** Random words in random order: a query is answered or refused with a sentence, and nothing else ever happens. */
import { MalachiteError } from '@malachite/core';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { closeContext, openContext } from '../store/context.ts';
import { temporaryHome } from '../test-home.ts';
import { defaultRetention } from './ingest.ts';
import { localTelemetry } from './telemetry.ts';

const words =
  `requests traces | | | where project extend summarize by order take top distinct count sort asc desc ( ) ( ) , = == != < >=
  + - * / % .. . [ ] and or not in !in between contains has startswith matches regex count() avg( sum( percentile( bin( ago( tostring(
  now() iff( isempty( strcat( datetime(2026-01-01) timestamp duration name success resultCode customDimensions id
  customDimensions.a customDimensions['b'] 1 2.5 0 -1 99999999999999999999 1h 30m "a" 'b' "1" "(" true false * ; // "
  ' @"x" render # null`.split(/\s+/);

/** Mulberry32: the same numbers on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

test('2000 random queries are answered or refused as InvalidInput', async () => {
  const context = openContext({
    home: temporaryHome(),
    workspaceName: 'test',
    clock: () => new Date(0),
    log: pino({ level: 'silent' }),
  });
  const telemetry = localTelemetry(context, { retention: defaultRetention, querySeconds: 20 });
  onTestFinished(async () => {
    await telemetry.close();
    closeContext(context);
  });
  telemetry.ingest([{ table: 'requests', columns: { timestamp: new Date(0), name: 'a', duration: 1, success: true } }]);
  const random = randomFrom(20_260_101);
  const starts = ['requests | where ', 'requests | summarize ', 'requests | extend x = ', 'requests | order by ', 'requests | '];
  let answered = 0;
  for (let i = 0; i < 2000; i++) {
    const text = Array.from({ length: 1 + random(8) }, () => words[random(words.length)]).join(' ');
    const query = (starts[random(starts.length)] as string) + text;
    try {
      await telemetry.query({ query });
      answered++;
    } catch (error) {
      expect(error, query).toBeInstanceOf(MalachiteError);
      expect(error, query).toMatchObject({ code: 'InvalidInput' });
      expect((error as Error).message, query).not.toMatch(/undefined|SQLITE|\[object/);
    }
  }
  expect(answered).toBeGreaterThan(50);
});
