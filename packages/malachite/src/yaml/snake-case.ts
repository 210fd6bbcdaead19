/**
 * Azure's own CamelCase to snake_case: `AUC_weighted` → `auc_weighted`, `LightGBM` → `light_gbm`,
 * `XGBoostClassifier` → `xg_boost_classifier`, `TfIdf` → `tf_idf`. Snake-case words stay as they are.
 */
export function snakeCase(word: string): string {
  return word
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
