export { type AzureSelectionInput, azureSelection } from './azure-selection.ts';
export { type EnsembleMember, type SelectionInput, weightedMean } from './blend.ts';
export { blendScore, type Truth } from './blend-score.ts';
export { type GreedySelectionInput, greedySelection } from './greedy-selection.ts';
export { emitStack, type FittedStack, fitStack, predictStack, type Stack, type StackInput } from './stacking.ts';
export { emitTempered, fitTemperature, tempered } from './temperature.ts';
