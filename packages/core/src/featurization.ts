/** The `featurization` block of an AutoML job: Azure ML's `TableFeaturizationSettings`, in camelCase. */
import { type Static, Type } from 'typebox';
import { Nullable, OneOf, Strict } from './schema.ts';

/** Transformers that a job may block, under Azure ML's names. */
export const blockableTransformers = [
  'TextTargetEncoder',
  'OneHotEncoder',
  'CatTargetEncoder',
  'TfIdf',
  'WoETargetEncoder',
  'LabelEncoder',
  'WordEmbedding',
  'NaiveBayes',
  'CountVectorizer',
  'HashOneHotEncoder',
] as const;
export type BlockableTransformer = (typeof blockableTransformers)[number];

/** What a column may be said to be. `Ignore`, `Hashes` and `AllNan` leave it out. */
export const featureTypes = [
  'Numeric',
  'Categorical',
  'CategoricalHash',
  'DateTime',
  'Text',
  'Hashes',
  'Ignore',
  'AllNan',
] as const;
export type FeatureType = (typeof featureTypes)[number];

/** Parameters of one transformer, for some columns or, where `fields` is empty or absent, for all that it is used for. */
export const ColumnTransformer = Strict({
  fields: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  parameters: Type.Optional(
    Type.Record(Type.String(), Nullable(Type.Union([Type.Number(), Type.String(), Type.Boolean()])), {
      description:
        'Imputer: strategy, fill_value. HashOneHotEncoder: number_of_bits. TfIdf: max_df, min_df, max_features, norm, use_idf.',
    }),
  ),
});
export type ColumnTransformer = Static<typeof ColumnTransformer>;

/** Transformers that take parameters, under Azure ML's names. */
export const parameterizedTransformers = ['Imputer', 'TfIdf', 'HashOneHotEncoder'] as const;

export const Featurization = Strict({
  mode: Type.Optional(
    OneOf(
      ['auto', 'off', 'custom'],
      'off: columns are numbers and are read as they are. auto and custom: by purpose, changed by the fields below.',
    ),
  ),
  blockedTransformers: Type.Optional(Type.Array(OneOf(blockableTransformers))),
  columnNameAndTypes: Type.Optional(
    Type.Record(Type.String(), OneOf(featureTypes), { description: 'What a column is, where detection should not decide.' }),
  ),
  transformerParams: Type.Optional(
    Strict({
      Imputer: Type.Optional(Type.Array(ColumnTransformer)),
      TfIdf: Type.Optional(Type.Array(ColumnTransformer)),
      HashOneHotEncoder: Type.Optional(Type.Array(ColumnTransformer)),
    }),
  ),
  dropColumns: Type.Optional(Type.Array(Type.String())),
  datasetLanguage: Type.Optional(
    Type.String({
      pattern: '^[a-z]{3}$',
      description: 'ISO 639-3, such as eng. Text is cut into words alike in every language.',
    }),
  ),
  enableDnnFeaturization: Type.Optional(
    Type.Boolean({ description: 'Accepted and told in the log: there are no neural text features here.' }),
  ),
});
export type Featurization = Static<typeof Featurization>;
