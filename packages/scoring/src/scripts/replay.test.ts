/**
 * Every recorded exchange of the real inference server, replayed on the very scripts it was recorded with, served by ours: statuses,
 * headers and bodies must be equal.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { type Answer, type Exchange, headerFault, present, recorded, send, shared } from '../test-recordings.ts';
import { answeringScript } from './answering-script.ts';
import { type ScoreScript, startScoreScript } from './score-script.ts';

const venv = fileURLToPath(new URL('../../../../.venv', import.meta.url));
const hasVenv = existsSync(venv);

function verdict(exchange: Exchange, ours: Answer): string | undefined {
  const { response } = exchange;
  if (ours.status !== response.status) return `status ${response.status} | ${ours.status} ${ours.body}`;
  const fault = headerFault(exchange, ours);
  if (fault !== undefined) return fault;
  if (ours.body === response.body) return undefined;
  // The example of a schema is 0.0 in Python and 0 here: the same number.
  if (exchange.request.path.startsWith('/swagger.json')) {
    expect(JSON.parse(ours.body)).toEqual(JSON.parse(response.body));
    return undefined;
  }
  return `${response.body} | ${ours.body}`;
}

describe.skipIf(!present || !hasVenv)(
  'recorded scripts, served by ours (skipped without ../shared or .venv, which .ci/run makes)',
  () => {
    const running: { script: ScoreScript; server: ScoringServer }[] = [];
    afterAll(async () => {
      for (const { script, server } of running) {
        await server.close();
        await script.close();
      }
    });

    it.each([
      ['plain-script', 'plain_script.py', {}],
      ['automl-v1', 'automl_script.py', {}],
      ['automl-v2', 'automl_script.py', { V2: '1' }],
    ] as const)('%s: none is answered differently', async (file, path, env) => {
      const model = fileURLToPath(new URL('models/bankmarketing_votingensemble.onnx', shared));
      const log: string[] = [];
      const script = await startScoreScript({
        path: fileURLToPath(new URL(`recordings/${path}`, shared)),
        python: venv,
        env: { ...env, MODEL: model, PYTHONDONTWRITEBYTECODE: '1' },
        onLog: (line) => log.push(line),
      });
      const deployments = [{ name: 'default', model: answeringScript(script), traffic: 100 }];
      const server = await startScoringServer({ port: 0, keys: null, deployments });
      running.push({ script, server });
      let equal = 0;
      const different: string[] = [];
      for (const exchange of recorded(file)) {
        const { name } = exchange.request;
        const why = verdict(exchange, await send(server, exchange.request));
        if (why === undefined) equal++;
        else different.push(`${name}: ${why}`);
      }
      console.log(`${file} by its script: ${equal} equal, ${different.length} different\n${different.join('\n')}`);
      expect(different).toEqual([]);
      expect(equal).toBeGreaterThan(25);
      if (file === 'plain-script') expect(log.join('\n')).toContain('ValueError: secret detail');
    });
  },
);
