/**
 * The environment of a scoring script: Azure runs none without. It is built from a conda file among the script's own files,
 * or else from one with what a script for an exported model imports.
 */
import type { CodeConfiguration } from '@malachite/core';
import { type Connection, idOf } from './connection.ts';
import { blobPath, readBlob } from './datastore.ts';
import { asked } from './errors.ts';
import { sha256Of } from './sha256.ts';
import type { Storage } from './storage.ts';

/** Of Microsoft's, with conda: https://learn.microsoft.com/azure/machine-learning/concept-prebuilt-docker-images-inference */
const image = 'mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest';

/** The inference server is what Azure's gateway speaks to. */
const condaFile = `name: scoring
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
      - azureml-inference-server-http
      - numpy
      - onnxruntime
      - pandas
`;

const name = 'malachite-scoring';
const isCondaFile = ({ path }: { readonly path: string }): boolean => /^(?:conda(?:[-_]env)?|environment)\.ya?ml$/.test(path);

/** Registers it; the same content is the same version. @returns Its ARM id. */
export async function scoringEnvironment(
  connection: Connection,
  storage: Storage,
  { files }: CodeConfiguration,
): Promise<string> {
  const { client, resourceGroup, workspaceName } = connection;
  const own = files.find(isCondaFile);
  const text = own ? await textOf(storage, own.sha256) : condaFile;
  const version = sha256Of(`${image}\n${text}`).slice(0, 16);
  await asked('Registering the environment of a script', () =>
    client.environmentVersions.createOrUpdate(resourceGroup, workspaceName, name, version, {
      properties: { image, condaFile: text, osType: 'Linux' },
    }),
  );
  return idOf(connection, 'environments', name, 'versions', version);
}

async function textOf(storage: Storage, sha256: string): Promise<string> {
  const chunks = readBlob(await storage.container(), blobPath(sha256), `Nothing is kept under ${sha256}`);
  return Buffer.concat(await Array.fromAsync(chunks)).toString();
}
