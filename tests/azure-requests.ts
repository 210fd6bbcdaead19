/** What an adapter sends to Azure Resource Manager, held against Azure's own description of it: fixtures/azure-requests. */
import { readFileSync } from 'node:fs';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import { Compile } from 'typebox/schema';

export type Recorder = {
  readonly httpClient: HttpClient;
  /** Where bodies that were taken are not of the form that Azure takes, each once: `PUT JobBase /properties/jobType …`. */
  faults(): string[];
  /** The kinds of bodies that were sent. */
  kinds(): string[];
};

/** The schema of a body, by the method and the end of the address. */
const schemas: readonly (readonly [method: string, address: RegExp, schema: string])[] = [
  ['PUT', /\/jobs\/[^/]+$/, 'JobBase'],
  ['PUT', /\/onlineEndpoints\/[^/]+$/, 'OnlineEndpoint'],
  ['PUT', /\/onlineEndpoints\/[^/]+\/deployments\/[^/]+$/, 'OnlineDeployment'],
  ['PUT', /\/data\/[^/]+\/versions\/[^/]+$/, 'DataVersionBase'],
  ['PUT', /\/data\/[^/]+$/, 'DataContainer'],
  ['PUT', /\/models\/[^/]+\/versions\/[^/]+$/, 'ModelVersion'],
  ['PUT', /\/models\/[^/]+$/, 'ModelContainer'],
  ['PUT', /\/components\/[^/]+\/versions\/[^/]+$/, 'ComponentVersion'],
  ['PUT', /\/codes\/[^/]+\/versions\/[^/]+$/, 'CodeVersion'],
  ['PUT', /\/environments\/[^/]+\/versions\/[^/]+$/, 'EnvironmentVersion'],
  ['PUT', /\/computes\/[^/]+$/, 'ComputeResource'],
  ['POST', /\/regenerateKeys$/, 'RegenerateEndpointKeysRequest'],
  ['POST', /\/getLogs$/, 'DeploymentLogsRequest'],
];

/** An HTTP client that sends for real and looks at every body that is answered with success. */
export function recordRequests(): Recorder {
  const $defs = JSON.parse(readFileSync(new URL('../fixtures/azure-requests/schema.json', import.meta.url), 'utf8')) as object;
  const validators = new Map(schemas.map(([, , name]) => [name, Compile({ $defs, $ref: `#/$defs/${name}` })]));
  const client = createDefaultHttpClient();
  const faults = new Set<string>();
  const kinds = new Set<string>();
  return {
    httpClient: {
      async sendRequest(request) {
        const answer = await client.sendRequest(request);
        if (typeof request.body !== 'string' || answer.status >= 300) return answer;
        const { pathname } = new URL(request.url);
        const name = schemas.find(([method, address]) => method === request.method && address.test(pathname))?.[2];
        if (name === undefined) faults.add(`${request.method} ${pathname}: nobody has said what its body is.`);
        else {
          kinds.add(name);
          const [isOfForm, errors] = (validators.get(name) as ReturnType<typeof Compile>).Errors(JSON.parse(request.body));
          if (!isOfForm)
            for (const { instancePath, message } of errors) faults.add(`${request.method} ${name} ${instancePath} ${message}`);
        }
        return answer;
      },
    },
    faults: () => [...faults],
    kinds: () => [...kinds].toSorted(),
  };
}
