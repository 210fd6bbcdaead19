import { equal, ok, refused } from './assertions.ts';
import { twoCustomers } from './bank.ts';
import type { Runner } from './harness.ts';
import { type Scene, score } from './scene.ts';

export function telemetryContract({ it }: Runner, scene: Scene): void {
  const query = (text: string, timespan?: string) =>
    scene.workspace.telemetry.query({ query: text, ...(timespan !== undefined && { timespan }) });
  const countOf = async (text: string, timespan?: string) => Number((await query(`${text} | count`, timespan)).rows[0]?.[0]);

  it('shows each request soon after it was answered, with its result', async () => {
    const { name, scoringUri } = await scene.endpoint();
    const { primaryKey } = await scene.workspace.deployment.keys({ name });
    // By the caller's own id: rows of earlier requests may still be on their way.
    const id = `contract-${Math.random().toString(36).slice(2)}`;
    const log = `AmlOnlineEndpointTrafficLog | where EndpointName == "${name}" and XMSClientRequestId == "${id}"`;
    const ask = async (key: string) => (await score(scene.send, scoringUri, key, twoCustomers, id)).status;
    equal([await ask(primaryKey), await ask(primaryKey), await ask(primaryKey), await ask('wrong')], [200, 200, 200, 401]);
    const counted = (code: number, count: number) => async () =>
      (await countOf(`${log} and ResponseCode == "${code}"`)) === count ? true : undefined;
    await scene.eventually('Three answers in the traffic log', counted(200, 3));
    await scene.eventually('A refusal in the traffic log', counted(401, 1));
  });

  it('keeps requests with their name, time and duration where application insights are on', async () => {
    await scene.endpoint();
    await scene.workspace.deployment.invoke({ name: 'contract-bank', body: twoCustomers });
    const row = await scene.eventually('A row in requests', async () => {
      const { rows } = await query(
        'requests | where success == true | top 1 by timestamp desc | project name, resultCode, duration, timestamp',
      );
      return rows[0];
    });
    ok(String(row[0]).includes('/score'), `The name of the request is ${row[0]}.`);
    equal(String(row[1]), '200', 'The result code');
    ok(Number(row[2]) > 0 && Number(row[2]) < 60_000, `The duration is ${row[2]} ms.`);
  });

  it('counts, groups and orders', async () => {
    await scene.endpoint();
    await scene.workspace.deployment.invoke({ name: 'contract-bank', body: twoCustomers });
    const total = await scene.eventually('A request', async () => (await countOf('requests')) || undefined);
    const { columns, rows } = await query(
      'requests | summarize n = count(), slowest = max(duration) by resultCode | order by n desc',
    );
    equal(
      columns.map(({ name }) => name),
      ['resultCode', 'n', 'slowest'],
      'The columns',
    );
    const counts = rows.map((row) => Number(row[1]));
    equal(
      counts,
      counts.toSorted((a, b) => b - a),
      'The counts',
    );
    ok(counts.reduce((sum, n) => sum + n, 0) >= total, `The counts ${counts.join(', ')} sum to ${total} or more.`);
  });

  it('looks back as far as it is told', async () => {
    await scene.endpoint();
    await scene.workspace.deployment.invoke({ name: 'contract-bank', body: twoCustomers });
    await scene.eventually('A request', async () => (await countOf('requests')) || undefined);
    // More may arrive between the two questions.
    await scene.eventually(
      'The last hour with all that there is',
      async () => (await countOf('requests', 'PT1H')) === (await countOf('requests')) || undefined,
    );
    await refused(query('requests', 'an hour'), 'InvalidInput');
  });

  it('points at the word it does not understand', async () => {
    await refused(query('requests | wherre success == true'), 'InvalidInput', 'wherre');
    await refused(query('requsts | count'), 'InvalidInput', 'requsts', 'requests');
    await refused(query('requests | where sucess == true'), 'InvalidInput', 'sucess');
    await refused(query('requests | where success =='), 'InvalidInput');
  });
}
