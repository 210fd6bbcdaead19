/** What happens to a program when its server dies and comes back; and two servers beside each other. */
import { existsSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bankCsv, bankRows } from '../../packages/core/src/contract/bank.ts';
import { interpreter, root, serve, whyNot } from './served.ts';

const python = interpreter('azure');
const minutes = 5 * 60_000;

describe('a server that is killed while a program streams a job', () => {
  it.skipIf(!python)(
    python
      ? 'goes on with the job when it is started again, and the program ends as if nothing had been'
      : `is not tried: ${whyNot}`,
    async () => {
      const served = await serve();
      try {
        const csv = join(served.home, 'bank.csv');
        writeFileSync(csv, bankCsv(bankRows(400)));
        const submitted = appears(served.home, 'submitted');
        const program = served.run(python as string, [
          join(root, 'tests', 'interop', 'restart.py'),
          csv,
          join(served.home, 'submitted'),
        ]);
        await Promise.race([submitted, program]);
        await served.killAndRestart();
        const said = await program;
        expect(said).toMatch(/trials 1[0-4]/);
        expect(said.trim().split('\n')).toContain('done');
      } finally {
        await served.close();
      }
    },
    minutes,
  );
});

it('two servers beside each other have ports, certificates and secrets of their own', async () => {
  const [one, two] = [await serve(), await serve()];
  try {
    const { IDENTITY_HEADER: secret = '', IDENTITY_ENDPOINT: endpoint = '', NODE_EXTRA_CA_CERTS = '' } = one.variables;
    const ask = (url: string, variables: Record<string, string>) =>
      one.run(
        process.execPath,
        [
          '-e',
          `fetch('${url}?resource=x', { headers: { 'x-identity-header': '${secret}' } }).then((r) => console.log(r.status), (e) => console.log(e.cause?.code))`,
        ],
        variables,
      );
    expect((await ask(endpoint, {})).trim()).toBe('200');
    const other = two.variables.IDENTITY_ENDPOINT as string;
    expect((await ask(other, { NODE_EXTRA_CA_CERTS })).trim()).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
    expect((await ask(other, { NODE_EXTRA_CA_CERTS: two.variables.NODE_EXTRA_CA_CERTS as string })).trim()).toBe('401');
  } finally {
    await one.close();
    await two.close();
  }
}, 120_000);

/** When a file of that name is in a folder. */
function appears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (!existsSync(join(folder, name))) return;
      watcher.close();
      resolve();
    });
  });
}
