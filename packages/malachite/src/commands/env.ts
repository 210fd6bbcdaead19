/** The variables that point unmodified Azure and MLflow clients at the running server. */
import { MalachiteError } from '@malachite/core';
import type { Command } from '../cli/command.ts';
import { homeFolder, runningServer } from '../server-record.ts';

/** How a variable is written for whatever reads it. */
const forms = {
  shell: (name: string, value: string) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  powershell: (name: string, value: string) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  dotenv: (name: string, value: string) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  github: (name: string, value: string) => `${name}=${value}`,
} as const;
type Form = keyof typeof forms;

export const env: Command = {
  name: 'env',
  describe: 'Print the variables that point Azure and MLflow clients at the running server.',
  options: [
    { flags: '--shell', describe: 'For sh, bash and zsh: eval "$(malachite env)". The default.' },
    { flags: '--powershell', describe: 'For PowerShell: malachite env --powershell | Invoke-Expression.' },
    { flags: '--dotenv', describe: 'As a .env file.' },
    { flags: '--github', describe: 'For GitHub Actions: malachite env --github >> "$GITHUB_ENV".' },
  ],
  example: 'eval "$(malachite env)" && python course.py',
  async run({ flags, env: environment, print }) {
    const home = homeFolder(environment);
    const server = await runningServer(home);
    if (!server?.azureUrl) {
      throw new MalachiteError('Unavailable', `No Malachite server runs for "${home}". Start one: malachite up --detach`);
    }
    const { clientVariables } = await import('@malachite/server/azure');
    const form = (Object.keys(forms) as Form[]).find((each) => flags.is(each)) ?? 'shell';
    const variables = await clientVariables({ home, url: server.azureUrl, apiUrl: server.url });
    for (const [name, value] of Object.entries(variables)) print(forms[form](name, value));
  },
};
