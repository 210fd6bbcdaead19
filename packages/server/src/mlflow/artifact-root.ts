/**
 * Where the artifacts of a run or logged model are reached. Plain clients go by `mlflow-artifacts:`, relative to their
 * tracking server. Clients of the Azure origin are told an address that carries its own permission, because MLflow's
 * artifact client sends no token of Azure's.
 */
import { MalachiteError } from '@malachite/core';
import type { Tokens } from '../identity/tokens.ts';
import { invalid } from './errors.ts';

/** Whose artifacts: `12/4f…`, or `12/models/m-4f…`. */
export type Owner = { readonly experimentId: string; readonly id: string; readonly kind: 'run' | 'model' };

export type ArtifactRoots = {
  uriOf(owner: Owner): string;
  /** @throws MalachiteError `Unauthorized` for an address without its permission. */
  parse(path: string): { readonly root: string; readonly path: string };
};

const folderOf = ({ experimentId, id, kind }: Owner): string =>
  kind === 'model' ? `${experimentId}/models/${id}` : `${experimentId}/${id}`;
const pattern = /^\/?([^/]+)\/(models\/)?([^/~]+)(?:\/~([\w-]+))?\/artifacts(?:\/(.*))?$/;

/** The run or logged model that an address of artifacts names, and the path in it; whoever made the address. */
export function placeInUri(uri: string): { readonly root: string; readonly path: string } | undefined {
  const [, inside] = /(?:\/mlflow-artifacts\/artifacts|^mlflow-artifacts:(?:\/\/[^/]*)?)\/(.*)$/.exec(uri) ?? [];
  const [, , , root, , path = ''] = pattern.exec(inside ?? '') ?? [];
  return root ? { root, path } : undefined;
}

export const openRoots: ArtifactRoots = {
  uriOf: (owner) => `mlflow-artifacts:/${folderOf(owner)}/artifacts`,
  parse(path) {
    const [, , , root, , inside = ''] = pattern.exec(path) ?? [];
    if (!root) throw invalid(`"${path}" is no place of artifacts.`);
    return { root, path: inside };
  },
};

/** @param origin Where the artifact proxy is mounted: `https://localhost:10143`. */
export function signedRoots(tokens: Tokens, origin: () => string): ArtifactRoots {
  const signatureOf = (id: string): string => tokens.sign(`artifacts ${id}`);
  return {
    uriOf: (owner) => `${origin()}/api/2.0/mlflow-artifacts/artifacts/${folderOf(owner)}/~${signatureOf(owner.id)}/artifacts`,
    parse(path) {
      const [, , , root, signature = '', inside = ''] = pattern.exec(path) ?? [];
      if (!root) throw invalid(`"${path}" is no place of artifacts.`);
      if (!tokens.isSigned(`artifacts ${root}`, signature)) {
        throw new MalachiteError('Unauthorized', 'This address of artifacts carries no permission of this Malachite.');
      }
      return { root, path: inside };
    },
  };
}
