import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultOfNode } from './node-version.ts';

test('Node 22 from 22.19, 24 from 24.5 and all later ones do', () => {
  for (const version of ['v22.19.0', 'v22.30.1', 'v24.5.0', 'v24.21.0', 'v25.0.0', 'v26.1.0'])
    expect(faultOfNode(version)).toBeUndefined();
});

test('an older one is told what is needed, and what it is', () => {
  for (const version of ['v18.20.0', 'v20.19.4', 'v22.18.0', 'v23.11.0', 'v24.4.1'])
    expect(faultOfNode(version)).toContain(`this is ${version}`);
  expect(faultOfNode('v20.19.4')).toBe('Malachite needs Node 22.19 or later, or 24.5 or later; this is v20.19.4.');
});

test('the command says it in the same words', () => {
  const bin = readFileSync(new URL('../bin/malachite.js', import.meta.url), 'utf8');
  expect(bin).toContain('Malachite needs Node 22.19 or later, or 24.5 or later; this is ${process.version}.');
});
