/** The operations of ARM's machine learning provider, from the specifications in Azure's own npm client. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type ArmOperation = {
  /** `onlineEndpoints.listKeys`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
};

/** In the order of their groups; the pages that follow a list are left out. */
export function armOperations(): ArmOperation[] {
  const entry = createRequire(import.meta.url).resolve('@azure/arm-machinelearning');
  const folder = join(dirname(entry), '..', 'dist-esm', 'src', 'operations');
  const files = readdirSync(folder).filter((file) => file.endsWith('.js') && file !== 'index.js' && file !== 'operations.js');
  return files.sort().flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const specs = source.matchAll(/const (\w+)OperationSpec = \{\s+path: "([^"]+)",\s+httpMethod: "(\w+)"/g);
    return [...specs]
      .filter(([, name]) => !name?.endsWith('Next'))
      .map(([, name = '', path = '', method = '']) => ({ name: `${file.slice(0, -3)}.${name}`, method, path }));
  });
}
