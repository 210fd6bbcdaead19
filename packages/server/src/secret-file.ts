import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

/** The secret in a file, for its owner only; made once, of so many random bytes, and never replaced while it is there. */
export async function secretFile(file: string, bytes: number, encoding: 'base64' | 'base64url'): Promise<string> {
  const secret = randomBytes(bytes).toString(encoding);
  try {
    await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(file, 'utf8')).trim();
  }
}
