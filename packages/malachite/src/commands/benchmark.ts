/** Load on an endpoint. */
import { readFile } from 'node:fs/promises';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { abText } from '../load/ab-text.ts';
import type { Benchmark } from '../load/benchmark.ts';
import type { LoadResult } from '../load/load-result.ts';
import type { LoadOptions } from '../load/load-test.ts';
import { rowsOfBody } from '../load/rows-of-body.ts';

export const benchmark: Command = {
  name: 'benchmark',
  describe: 'Load on an endpoint: throughput and latency of one request, sent again and again.',
  arguments: [['<uri>', 'The scoring URI.']],
  options: [
    { flags: '--data <file>', describe: 'The body of the request.' },
    { flags: '--key <key>', describe: 'The bearer key.' },
    { flags: '-c, --connections <n>', describe: 'Connections at once. Default 64.' },
    { flags: '-d, --duration <seconds>', describe: 'How long. Default 10.' },
    { flags: '-r, --requests <n>', describe: 'So many requests instead of a duration.' },
    { flags: '--rate <n>', describe: 'So many a second, answered or not; latency counts from when each was due.' },
  ],
  example: 'malachite benchmark http://127.0.0.1:5001/score --data payload.json --key secret -c 64 -d 10',
  handlesInterrupt: true,
  text: abText,
  async run({ flags, arguments: [uri = ''], signal, failed }): Promise<Benchmark> {
    if (!URL.canParse(uri) || !/^https?:/.test(uri)) throw new MalachiteError('InvalidInput', `"${uri}" is no http address.`);
    const file = flags.required('data');
    const body = await readFile(file, 'utf8').catch(() => {
      throw new MalachiteError('InvalidInput', `The file "${file}" cannot be read.`);
    });
    const key = flags.text('key');
    const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
    const connections = flags.integer('connections', { min: 1, max: 10_000 }) ?? 64;
    const duration = flags.number('duration', { min: 1 }) ?? 10;
    const requests = flags.integer('requests', { min: 1 });
    await firstRequest(uri, headers, body);
    const rate = flags.number('rate', { min: 0.1 });
    const options = { url: uri, headers, body, connections, duration, requests, signal };
    const result = await (rate === undefined ? closedLoop(options) : openLoop(options, rate));
    if (result.errors > 0 || result.non2xx > 0)
      failed(`${result.errors + result.non2xx} of ${result.requests + result.errors} requests failed.`);
    const rowsPerRequest = rowsOfBody(body);
    return { uri, connections, rate, ...result, rowsPerRequest, rowsPerSecond: result.requestsPerSecond * rowsPerRequest };
  },
};

async function closedLoop(options: LoadOptions): Promise<LoadResult> {
  const { loadTest } = await import('../load/load-test.ts');
  return loadTest(options);
}

async function openLoop(options: LoadOptions, rate: number): Promise<LoadResult> {
  const { rateTest } = await import('../load/rate-test.ts');
  return rateTest({ ...options, rate });
}

/** One request before the load, so that a wrong key or body is said as what it is. */
async function firstRequest(uri: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
  const response = await fetch(uri, { method: 'POST', headers, body }).catch((error: Error) => {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new MalachiteError('Unavailable', `Nothing answers at ${uri}: ${reason}.`);
  });
  const text = await response.text();
  if (!response.ok)
    throw new MalachiteError('Failed', `The endpoint answered ${response.status} to the first request: ${text.slice(0, 300)}`);
}
