/** Finds the class labels of a classifier by following its label output back through the graph. */
import { attributeInts, attributeTexts } from './attributes.ts';
import type { ClassLabel } from './embedded-signature.ts';
import { initializers, producers } from './graph-reading.ts';
import { elementType, type GraphProto, type Int64, type NodeProto } from './proto.ts';
import { tensorValues } from './tensor.ts';

/** Ways from the label to the classifier are short; a bound keeps odd graphs from costing time. */
const LONGEST_WAY = 32;

/**
 * The labels that the value can take, in the order of the probability columns, or undefined when the graph does not tell.
 *
 * Followed back: Identity, Cast, Reshape and their kind; LabelEncoder (whose values are then the labels); ArrayFeatureExtractor
 * and Gather over a stored list of labels; and the classifiers of ai.onnx.ml themselves.
 */
export function classesOf(graph: GraphProto, label: string): ClassLabel[] | undefined {
  const makers = producers(graph);
  const stored = initializers(graph);

  function follow(value: string, steps: number): ClassLabel[] | undefined {
    const node = makers.get(value);
    if (node === undefined || steps > LONGEST_WAY) return undefined;
    const source = node.input[0] ?? '';
    switch (node.opType) {
      case 'Identity':
      case 'Reshape':
      case 'Flatten':
      case 'Squeeze':
      case 'Unsqueeze':
        return follow(source, steps + 1);
      case 'Cast':
        return castLabels(node, follow(source, steps + 1));
      case 'LabelEncoder':
        return encodedLabels(node, follow(source, steps + 1));
      case 'ArrayFeatureExtractor':
      case 'Gather': {
        const list = stored.get(source);
        return list === undefined ? undefined : tensorValues(list).map(plain);
      }
      case 'TreeEnsembleClassifier':
      case 'LinearClassifier':
      case 'SVMClassifier':
      case 'ZipMap':
        return listedLabels(node);
      default:
        return undefined;
    }
  }

  return follow(label, 0);
}

/** The labels that a classifier or a ZipMap lists in its attributes. */
export function listedLabels(node: NodeProto): ClassLabel[] | undefined {
  const texts = firstFilled(['classlabels_strings'], (name) => attributeTexts(node.attribute, name));
  if (texts !== undefined) return texts;
  return firstFilled(['classlabels_ints', 'classlabels_int64s'], (name) => attributeInts(node.attribute, name))?.map(plain);
}

/**
 * An encoder from codes to labels renames each (version 1 of ai.onnx.ml: `classes_strings` by position; later: keys and values); when its source is unknown, its values are the labels in the order of the keys.
 */
function encodedLabels(node: NodeProto, source: ClassLabel[] | undefined): ClassLabel[] | undefined {
  const listed = attributeTexts(node.attribute, 'classes_strings');
  if (listed.length > 0) return source === undefined ? listed : source.map((code) => listed[Number(code)] ?? code);
  const keys = firstFilled(['keys_int64s', 'keys_strings', 'keys_floats'], (name) => listAttribute(node, name));
  const values = firstFilled(['values_strings', 'values_int64s', 'values_floats'], (name) => listAttribute(node, name));
  if (values === undefined || keys === undefined) return undefined;
  if (source === undefined) return values;
  return source.map((label) => values[keys.indexOf(label)] ?? label);
}

function castLabels(node: NodeProto, source: ClassLabel[] | undefined): ClassLabel[] | undefined {
  const to = Number(node.attribute.find(({ name }) => name === 'to')?.i ?? 0);
  if (source === undefined || to !== elementType.string) return source;
  return source.map(String);
}

function listAttribute(node: NodeProto, name: string): ClassLabel[] {
  const attribute = node.attribute.find((candidate) => candidate.name === name);
  if (attribute === undefined) return [];
  if (attribute.strings.length > 0) return attributeTexts(node.attribute, name);
  return attribute.floats.length > 0 ? attribute.floats : attribute.ints.map(plain);
}

function firstFilled<T>(names: readonly string[], read: (name: string) => readonly T[]): T[] | undefined {
  for (const name of names) {
    const list = read(name);
    if (list.length > 0) return [...list];
  }
  return undefined;
}

function plain(value: Int64 | string): ClassLabel {
  return typeof value === 'bigint' ? Number(value) : value;
}
