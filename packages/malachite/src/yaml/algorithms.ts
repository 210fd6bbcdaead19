/** The learners that Azure's YAML may allow or block, by the names they have in trials. */
export const classificationAlgorithms = [
  'LogisticRegression',
  'SGD',
  'MultinomialNaiveBayes',
  'BernoulliNaiveBayes',
  'SVM',
  'LinearSVM',
  'KNN',
  'DecisionTree',
  'RandomForest',
  'ExtremeRandomTrees',
  'LightGBM',
  'GradientBoosting',
  'XGBoostClassifier',
] as const;

export const regressionAlgorithms = [
  'ElasticNet',
  'GradientBoosting',
  'DecisionTree',
  'KNN',
  'LassoLars',
  'SGD',
  'RandomForest',
  'ExtremeRandomTrees',
  'LightGBM',
  'XGBoostRegressor',
] as const;
