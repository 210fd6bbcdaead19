/** The `featurization` block of a tabular AutoML job. */
import {
  type BlockableTransformer,
  blockableTransformers,
  type ColumnTransformer,
  type FeatureType,
  type Featurization,
  featureTypes,
} from '@malachite/core';
import type { Section } from './section.ts';

/** `columnNameAndTypes` as one reads it from a file or a flag. */
export type ColumnTypes = Record<string, FeatureType>;

export function readFeaturization(section: Section | undefined): Featurization | undefined {
  if (section === undefined) return undefined;
  const featurization: Featurization = {
    mode: section.word('mode', ['auto', 'off', 'custom']),
    blockedTransformers: section.words('blocked_transformers', blockableTransformers) as BlockableTransformer[] | undefined,
    columnNameAndTypes: readColumnTypes(section.section('column_name_and_types')),
    transformerParams: readTransformerParams(section.section('transformer_params')),
    dropColumns: section.texts('drop_columns'),
    datasetLanguage: section.text('dataset_language'),
    enableDnnFeaturization: section.boolean('enable_dnn_featurization'),
  };
  section.end();
  if (featurization.enableDnnFeaturization === true) {
    section.warn('enable_dnn_featurization', 'is true, but Malachite has no neural text features; text is read as words');
  }
  return featurization;
}

/** Column -> what it is; Azure writes the types in CamelCase, `Numeric`. */
function readColumnTypes(section: Section | undefined): ColumnTypes | undefined {
  if (section === undefined) return undefined;
  return Object.fromEntries(section.names.map((name) => [name, section.word(name, featureTypes) as FeatureType]));
}

/** Transformer -> its parameters, for which columns; names in either of Azure's spellings. */
export function readTransformerParams(section: Section | undefined): Featurization['transformerParams'] {
  if (section === undefined) return undefined;
  const params: Record<string, ColumnTransformer[] | undefined> = {};
  const spellings = {
    Imputer: ['imputer', 'Imputer'],
    TfIdf: ['tf_idf', 'TfIdf'],
    HashOneHotEncoder: ['hash_one_hot_encoder', 'HashOneHotEncoder'],
  };
  for (const [transformer, names] of Object.entries(spellings)) {
    for (const name of names) {
      const list = section.sections(name);
      if (list !== undefined) params[transformer] = list.map(readColumnTransformer);
    }
  }
  section.end();
  return params;
}

function readColumnTransformer(section: Section): ColumnTransformer {
  const transformer = { fields: section.texts('fields'), parameters: section.values('parameters') };
  section.end();
  return transformer;
}
