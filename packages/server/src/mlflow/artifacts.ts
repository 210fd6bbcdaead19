/** Artifacts: bytes in the workspace's own content store, under paths below the root of a run, a logged model or an experiment. */
import type { Workspace } from '@malachite/core';
import type { Database } from './database.ts';
import { invalid, notFound } from './errors.ts';

export type ArtifactInfo = { readonly path: string; readonly is_dir: boolean; readonly file_size?: number };

type Row = { readonly path: string; readonly sha256: string; readonly size: number };

export type Artifacts = ReturnType<typeof openArtifacts>;

export function openArtifacts(db: Database, { datastore, training }: Pick<Workspace, 'datastore' | 'training'>) {
  /** Files of a root: a client's own, and those of the job or trial of that name. */
  const filesOf = async (root: string): Promise<Map<string, { size: number; content: () => AsyncIterable<Uint8Array> }>> => {
    const rows = db.all<Row>('SELECT path, sha256, size FROM artifacts WHERE root = ?', [root]);
    const files = new Map(rows.map(({ path, sha256, size }) => [path, { size, content: () => datastore.get({ sha256 }) }]));
    if (db.get('SELECT 1 FROM runs WHERE id = ? AND job IS NOT NULL', [root])) {
      for (const { path, sizeBytes } of await training.artifacts({ name: root })) {
        files.set(path, { size: sizeBytes, content: () => training.artifact({ name: root, path }) });
      }
    }
    return files;
  };

  return {
    async put(root: string, path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
      const clean = cleanPath(path);
      if (clean === '') throw invalid('An artifact needs a path.');
      const { sha256, sizeBytes } = await datastore.put(content);
      db.run('INSERT OR REPLACE INTO artifacts VALUES (?, ?, ?, ?)', [root, clean, sha256, sizeBytes]);
    },
    async get(root: string, path: string): Promise<{ readonly size: number; content(): AsyncIterable<Uint8Array> }> {
      const file = (await filesOf(root)).get(cleanPath(path));
      if (!file) throw notFound(`Artifact "${path}"`);
      return file;
    },
    /** What lies right below a folder. */
    async list(root: string, folder: string): Promise<ArtifactInfo[]> {
      const clean = cleanPath(folder);
      const prefix = clean === '' ? '' : `${clean}/`;
      const found = new Map<string, ArtifactInfo>();
      for (const [path, { size }] of await filesOf(root)) {
        if (!path.startsWith(prefix)) continue;
        const [name = '', ...deeper] = path.slice(prefix.length).split('/');
        const isFolder = deeper.length > 0;
        found.set(name, { path: prefix + name, is_dir: isFolder, ...(!isFolder && { file_size: size }) });
      }
      return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
    /** Every file below a folder (or the file itself) with its path in it. */
    async below(root: string, folder: string) {
      const clean = cleanPath(folder);
      const files = [...(await filesOf(root))];
      const inside = files.filter(([path]) => clean === '' || path === clean || path.startsWith(`${clean}/`));
      return inside.map(([path, { size, content }]) => ({
        size,
        path: path === clean ? (path.split('/').at(-1) as string) : path.slice(clean === '' ? 0 : clean.length + 1),
        content,
      }));
    },
    delete(root: string, path: string): void {
      const clean = cleanPath(path);
      db.run("DELETE FROM artifacts WHERE root = ? AND (path = ? OR substr(path, 1, length(?) + 1) = ? || '/' OR ? = '')", [
        root,
        ...[clean, clean, clean, clean],
      ]);
    },
  };
}

/** @throws MalachiteError `InvalidInput` for a path that leads out of its root. */
function cleanPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path.includes('\0') || path.includes('\\')) throw invalid(`"${path}" leads out of its folder.`);
  return parts.join('/');
}
