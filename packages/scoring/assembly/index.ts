export { hasMissing, linear, normalizeL1, normalizeL2, normalizeMax, scale } from './columns';
export { scanTrees, scanTreesMissing } from './scan';
export { walkTrees, walkTreesMissing } from './walk';
