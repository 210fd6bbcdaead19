/** References between resources, as Azure ML writes them. */
import { MalachiteError } from './errors.ts';

export type AssetReference = { readonly name: string; readonly version?: string };

/**
 * `azureml:bank:3`, `bank:3`, `azureml:bank@latest`, `azureml:bank`: name and version; without one, the latest.
 * The long ARM form (`/subscriptions/…/data/bank/versions/3`) is understood too.
 */
export function parseAssetReference(text: string): AssetReference {
  const arm = /\/(?:data|models|environments|components)\/([^/]+)\/(?:versions|labels)\/([^/]+)$/i.exec(text);
  const short = /^(?:azureml:)?([A-Za-z0-9][\w.-]*)(?:[:@]([\w.-]+))?$/.exec(text);
  const [, name, version] = arm ?? short ?? [];
  if (!name) {
    throw new MalachiteError(
      'InvalidInput',
      `"${text}" is not an asset reference. Write azureml:NAME:VERSION or azureml:NAME@latest.`,
    );
  }
  return version === undefined || version === 'latest' ? { name } : { name, version };
}

/** `azureml://jobs/NAME/outputs/artifacts/paths/PATH`, `azureml://jobs/NAME/outputs/best_model` or `runs:/NAME/PATH`: the job and the output in it. */
export function parseJobOutput(text: string): { readonly job: string; readonly output: string } | undefined {
  const match = /^(?:azureml:\/\/jobs\/([\w.-]+)\/outputs\/(?:artifacts\/(?:paths\/)?)?|runs:\/([\w.-]+)\/)(.+?)\/?$/.exec(text);
  return match ? { job: (match[1] ?? match[2]) as string, output: match[3] as string } : undefined;
}
