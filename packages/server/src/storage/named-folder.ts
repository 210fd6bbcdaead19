/** A folder that becomes a model keeps its name, as on Azure: scripts read `AZUREML_MODEL_DIR/model/…`. */
import type { AssetFile } from '@malachite/core';

/**
 * @param place Address or path of what is registered; its last segment is the name.
 * @param files With paths inside the folder; of a single file its name, which stays.
 */
export function inNamedFolder(place: string, files: readonly AssetFile[]): AssetFile[] {
  const [name = ''] = /[^/:]+(?=\/*$)/.exec(place) ?? [];
  const isFile = files.length === 1 && files[0]?.path === name;
  return files.map((file) => (isFile || name === '' ? file : { ...file, path: `${name}/${file.path}` }));
}
