/** The protocol as a client that we did not write speaks it: Triton's, from PyPI. */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { encodeModel, GraphBuilder } from '@malachite/onnx';
import { expect, it } from 'vitest';
import { loadModel } from '../model/load-model.ts';
import { startScoringServer } from '../server.ts';

const python = fileURLToPath(new URL('../../../../.venv/bin/python', import.meta.url));
const hasClient = spawnSync(python, ['-c', 'import tritonclient.http']).status === 0;

it.skipIf(!hasClient)(
  'Triton’s client is served, with tensors in JSON and in binary [skipped without tritonclient in .venv]',
  async () => {
    const graph = new GraphBuilder();
    graph.output(graph.node('Identity', [graph.input('job', 'string', [null, 1])]), 'label', 'string', [null, 1]);
    const x = graph.input('x', 'float', [null, 1]);
    graph.output(graph.node('Concat', [x, x], { axis: 1 }), 'probabilities', 'float', [null, 2]);
    const bytes = encodeModel(graph.toModel({ graphName: 'test', producerName: 'test', producerVersion: '1' }));
    const server = await startScoringServer({
      port: 0,
      keys: null,
      serviceName: 'bank',
      deployments: [{ name: 'blue', model: await loadModel(bytes), traffic: 100 }],
    });
    const client = fileURLToPath(new URL('open-inference-client.py', import.meta.url));
    const { stdout } = await promisify(execFile)(python, [client, `127.0.0.1:${server.port}`]);
    await server.close();
    const answered = [['clerk'], ['näher'], [1, 1], [2.5, 2.5]];
    expect(JSON.parse(stdout)).toEqual({
      live: true,
      inputs: ['BYTES', 'FP32'],
      json: answered,
      binary: answered,
      refused: ['400', 'Input "job" is missing.'],
    });
  },
);
