/** A thread that helps one fit: takes tasks from the board until it is sent home. */
import { workerData } from 'node:worker_threads';
import type { HelperStart } from './crew.ts';
import { openBoard } from './task-board.ts';
import { instantiate } from './wasm-module.ts';

const { memory, board } = workerData as HelperStart;
const tasks = openBoard(board, instantiate(memory), true);

tasks.start();
while (tasks.waitForTask()) tasks.work();
