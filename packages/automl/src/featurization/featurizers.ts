/** Every featurizer by its name. A new one is a file, a name in `plan.ts` and a line here. */
import { categories } from './categories.ts';
import { countEncoder } from './count-encoder.ts';
import { datePartsFeaturizer } from './date-parts.ts';
import { dateSpans } from './date-spans.ts';
import type { Featurizer, SupervisedFeaturizer } from './featurizer.ts';
import { hashOneHot } from './hash-one-hot.ts';
import { imputationMarker } from './imputation-marker.ts';
import { imputer } from './imputer.ts';
import { labelEncoder } from './label-encoder.ts';
import { numbers } from './numbers.ts';
import type { FeaturizerName } from './plan.ts';
import { catTargetEncoder, woeTargetEncoder } from './target-encoder.ts';
import { textSvd } from './text-svd.ts';
import { textTargetEncoder } from './text-target-encoder.ts';
import { charGramTfIdf, wordGramTfIdf, wordTfIdf } from './tf-idf.ts';

type Any = Featurizer<unknown> | SupervisedFeaturizer<unknown>;

const featurizers: Readonly<Record<FeaturizerName, Any>> = {
  Numbers: numbers,
  Imputer: imputer,
  ImputationMarker: imputationMarker,
  LabelEncoder: labelEncoder,
  CharGramCountVectorizer: categories,
  DateTimeTransformer: datePartsFeaturizer,
  DateSpans: dateSpans,
  CharGramTfIdf: charGramTfIdf,
  WordGramTfIdf: wordGramTfIdf,
  WordTfIdf: wordTfIdf,
  TextTruncatedSVD: textSvd,
  HashOneHotEncoder: hashOneHot,
  CountEncoder: countEncoder,
  CatTargetEncoder: catTargetEncoder,
  WoETargetEncoder: woeTargetEncoder,
  TextTargetEncoder: textTargetEncoder,
};

export function featurizerNamed(name: FeaturizerName): Any {
  return featurizers[name];
}

export function isSupervised(featurizer: Any): featurizer is SupervisedFeaturizer<unknown> {
  return 'fitOutOfFold' in featurizer;
}
