/** An older Node is told so in a sentence, before it stumbles over a module that it has not. Imported first by the library's door. */
import { MalachiteError } from '@malachite/core';

/** What Malachite needs: see `engines` in `package.json`. */
const needed = 'Malachite needs Node 22.19 or later, or 24.5 or later';

/** Why this version does not do, or undefined. */
export function faultOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if ((major === 22 && minor >= 19) || (major === 24 && minor >= 5) || major > 24) return undefined;
  return `${needed}; this is ${version}.`;
}

const fault = faultOfNode(process.version);
if (fault !== undefined) throw new MalachiteError('Unavailable', fault);
