/**
 * YAML as Python's reader understands it, which is what Azure's client uses: version 1.1, where `yes`, `off` and their like
 * are booleans; but the single letters `y` and `n`, which the 1.1 specification counts among them, are text.
 */
import type { ParseOptions, SchemaOptions, Tags } from 'yaml';

const words = { true: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, false: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/ };

export const pythonYaml: ParseOptions & { version: '1.1' } & SchemaOptions = {
  version: '1.1',
  prettyErrors: true,
  customTags: (tags: Tags): Tags =>
    tags.map((tag) => {
      if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool' || !('test' in tag) || tag.test === undefined)
        return tag;
      return { ...tag, test: tag.test.test('yes') ? words.true : words.false };
    }),
};
