/** What a `create` command is given: a YAML file, `--set`, and flags on top of both. */
import type { Context } from '../cli/command.ts';
import { parseYaml, readYaml, type YamlDocument } from '../yaml/index.ts';

/**
 * Reads the specification of a resource. `fields` are flags that stand for fields of the YAML (snake_case); they win over
 * the file. Fields that are not honoured become warnings.
 */
export async function readSpecification<T>(
  { flags, warn }: Context,
  read: (document: YamlDocument) => T,
  fields: Readonly<Record<string, string | number | boolean | undefined>> = {},
): Promise<T> {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${JSON.stringify(value)}`],
  );
  const settings = [...flags.all('set'), ...given];
  const file = flags.text('file');
  const document = file === undefined ? parseYaml('{}', { name: 'the call', settings }) : await readYaml(file, settings);
  const specification = read(document);
  for (const sentence of document.warnings) warn(sentence);
  return specification;
}
