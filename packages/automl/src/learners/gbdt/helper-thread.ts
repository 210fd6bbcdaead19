/** A thread that helps one fit: calls the kernel it is told to with the numbers it is given, until it is told to end. */
import { workerData } from 'node:worker_threads';
import { callOf, type HelperStart, stateOf } from './helper-calls.ts';
import { instantiate } from './wasm-module.ts';

const { memory, calls } = workerData as HelperStart;
const run = instantiate(memory);
const state = stateOf(calls);
const call = callOf(calls);

state.replace('starting', 'idle');
for (let next = state.waitWhile('idle'); next === 'called'; next = state.waitWhile('idle')) {
  try {
    call.answer(run);
    state.replace('called', 'idle');
  } catch {
    state.replace('called', 'failed');
  }
}
