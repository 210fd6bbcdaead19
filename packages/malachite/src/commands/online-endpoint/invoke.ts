import { readFile } from 'node:fs/promises';
import { MalachiteError } from '@malachite/core';
import type { Command } from '../../cli/command.ts';
import { nameFlag } from '../../cli/flags.ts';

export const onlineEndpointInvoke: Command = {
  name: 'invoke',
  describe: 'Send one request to an online endpoint; the answer is printed as it came, a refusal as an error.',
  options: [
    nameFlag,
    { flags: '-r, --request-file <file>', describe: 'The body of the request.' },
    { flags: '-d, --deployment-name <name>', describe: 'This deployment, whatever the traffic.' },
    { flags: '--content-type <type>', describe: 'Default application/json.' },
  ],
  example: 'malachite online-endpoint invoke -n bank -r payload.json',
  camelCase: true,
  text: (answer: unknown) => (typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2)),
  async run({ flags, workspace }) {
    const file = flags.required('request-file');
    const body = await readFile(file, 'utf8').catch(() => {
      throw new MalachiteError('InvalidInput', `The request file "${file}" cannot be read.`);
    });
    const answer = await (await workspace()).deployment.invoke({
      name: flags.required('name'),
      deploymentName: flags.text('deployment-name'),
      body,
      contentType: flags.text('content-type'),
    });
    if (answer.status < 400) return parsed(answer.body);
    const said = answer.body.trim();
    throw new MalachiteError('Failed', `The endpoint answered ${answer.status}${said === '' ? '.' : `: ${said}`}`);
  },
};

/** The body as JSON when it is JSON, so that --query works on it; as text otherwise. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
