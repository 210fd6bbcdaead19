export { type ExplanationFilesInput, explanationFiles } from './explanation-files.ts';
export { type ColumnImportance, type PermutationInput, permutationImportance } from './permutation-importance.ts';
