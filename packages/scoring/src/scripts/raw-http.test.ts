/** Scripts that want HTTP as it is: with our stand-ins for the real package, and with the real package and Flask. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ScoringServer, startScoringServer } from '../server.ts';
import { answeringScript } from './answering-script.ts';
import { type ScoreScript, startScoreScript } from './score-script.ts';

const venv = fileURLToPath(new URL('../../../../.venv', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'malachite-raw-'));
const running: { script: ScoreScript; server: ScoringServer }[] = [];

afterAll(async () => {
  for (const { script, server } of running) {
    await server.close();
    await script.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A virtual environment with nothing in it, so that the stand-ins are used whatever this machine has. */
function bareVenv(): string | undefined {
  const bare = join(folder, 'bare');
  return spawnSync('python3', ['-m', 'venv', '--without-pip', bare]).status === 0 ? bare : undefined;
}

const source = `
from azureml_inference_server_http.api.aml_request import AMLRequest, rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse

def init(): pass

@rawhttp
def run(request: AMLRequest):
    what = request.args.get("what")
    if what == "binary":
        return AMLResponse(bytes(reversed(request.get_data())), 200, {"Content-Type": "image/x-test"})
    if what == "teapot":
        return AMLResponse({"error": "short"}, 418, {"x-kind": "a, b"}, json_str=True)
    if what == "broken":
        return AMLResponse("sorry", 502)
    if what == "failed":
        return AMLResponse({"fine": False}, 200, json_str=True, run_function_failed=True)
    if what == "split":
        response = AMLResponse("x", 200)
        response.headers["x-kind"] = "a"
        return response
    return {"method": request.method, "path": request.path, "mine": request.headers.get("X-Mine"), "key": request.headers.get("Authorization"),
        "json": request.get_json(silent=True), "many": request.args.getlist("many")}
`;

async function serve(python: string, keys: { primary: string; secondary: string } | null): Promise<string> {
  const path = join(folder, 'score.py');
  writeFileSync(path, source);
  const script = await startScoreScript({ path, python, onLog: () => {} });
  const server = await startScoringServer({
    port: 0,
    keys,
    deployments: [{ name: 'raw', model: answeringScript(script), traffic: 100 }],
  });
  running.push({ script, server });
  return `${server.url}/score`;
}

const hasFlask = existsSync(venv);
const bare = bareVenv();

describe.each([
  ['our stand-ins (skipped without python3)', bare],
  ['the real package (skipped without .venv, which .ci/run makes)', hasFlask ? venv : undefined],
])('@rawhttp with %s', (_name, python) => {
  const cases = it.skipIf(python === undefined);

  cases('the script sees the request, and says status, headers and body itself', async () => {
    const uri = await serve(python as string, null);
    const headers = { 'content-type': 'application/json', 'x-mine': 'yes', authorization: 'Bearer theirs' };
    const seen = await fetch(`${uri}?many=1&many=2`, { method: 'POST', headers, body: '{"a": 1}' });
    expect(await seen.json()).toEqual({
      method: 'POST',
      path: '/score',
      mine: 'yes',
      key: 'Bearer theirs',
      json: { a: 1 },
      many: ['1', '2'],
    });
    expect(seen.headers.get('x-ms-run-function-failed')).toBe('False');
    expect(seen.headers.get('x-ms-run-fn-exec-ms')).toMatch(/^\d+\.\d{3}$/);

    const bytes = Buffer.from([0, 1, 2, 255]);
    const binary = await fetch(`${uri}?what=binary`, { method: 'POST', body: bytes });
    expect(binary.headers.get('content-type')).toBe('image/x-test');
    expect(Buffer.from(await binary.arrayBuffer())).toEqual(Buffer.from([255, 2, 1, 0]));

    const teapot = await fetch(`${uri}?what=teapot`);
    expect([teapot.status, teapot.headers.get('content-type'), teapot.headers.get('x-kind')]).toEqual([
      418,
      'application/json',
      'a, b',
    ]);
    expect(await teapot.json()).toEqual({ error: 'short' });

    const broken = await fetch(`${uri}?what=broken`);
    expect([broken.status, broken.headers.get('x-ms-run-function-failed')]).toEqual([502, 'True']);
    expect(broken.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const failed = await fetch(`${uri}?what=failed`);
    expect([failed.status, failed.headers.get('x-ms-run-function-failed')]).toEqual([200, 'True']);
    expect((await fetch(`${uri}?what=split`)).headers.get('x-kind')).toBe('a');
  });

  cases('the key of the endpoint is not shown to the script', async () => {
    const uri = await serve(python as string, { primary: 'k', secondary: '' });
    const answered = await fetch(uri, { method: 'POST', headers: { authorization: 'Bearer k' }, body: '' });
    expect(await answered.json()).toMatchObject({ key: null });
  });
});

it.skipIf(bare === undefined)(
  'behind a gateway what the script answered is a 424 that says so (skipped without python3)',
  async () => {
    const path = join(folder, 'gateway.py');
    writeFileSync(path, 'def init(): pass\ndef run(data): raise ValueError("secret detail")\n');
    const script = await startScoreScript({ path, python: bare, onLog: () => {} });
    const deployments = [{ name: 'raw', model: answeringScript(script), traffic: 100 }];
    const server = await startScoringServer({ port: 0, keys: null, deployments, gateway: true });
    running.push({ script, server });
    const answered = await fetch(`${server.url}/score`, { method: 'POST', body: '{}' });
    expect(answered.status).toBe(424);
    expect(answered.headers.get('ms-azureml-model-error-statuscode')).toBe('500');
    expect(await answered.text()).not.toContain('secret');
    expect((await fetch(`${server.url}/invocations`, { method: 'POST', body: '{}' })).status).toBe(404);
  },
);
