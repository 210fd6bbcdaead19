/**
 * Text models lower-case by the rules of a locale, which exporters leave at ONNX's default, `en_US`. Machines without that locale, as
 * containers are, cannot even load such a model. `C.UTF-8` is on every Linux and has the same rules for letters.
 */
import { attributeText, makeAttribute } from '../attributes.ts';
import type { GraphProto, NodeProto } from '../proto.ts';
import type { Rewritten } from './rewrite.ts';

const isDefault = (locale: string | undefined): boolean => locale === undefined || /^en_US(\.UTF-8)?$/i.test(locale);

export function locales(graph: GraphProto): Rewritten {
  if (process.platform !== 'linux') return { graph, changes: [] };
  let changed = 0;
  const node = graph.node.map((each): NodeProto => {
    if (each.opType !== 'StringNormalizer' || !isDefault(attributeText(each.attribute, 'locale'))) return each;
    changed++;
    const others = each.attribute.filter(({ name }) => name !== 'locale');
    return { ...each, attribute: [...others, makeAttribute('locale', 'C.UTF-8')] };
  });
  if (changed === 0) return { graph, changes: [] };
  return {
    graph: { ...graph, node },
    changes: ['Texts were normalised by the locale en_US; they are by C.UTF-8 now, which is on every machine.'],
  };
}
