/**
 * AssemblyScript twin of `src/learners/gbdt/plain-kernels.ts`: the same loops as SIMD WebAssembly. Pointers are byte offsets into the
 * imported memory, which the threads of a fit share.
 */
export { assignBins } from './binning';
export { addHistograms, buildHistograms, chunkBytes, interleave, subtractHistograms, sumPairs } from './histograms';
export { classGradients, logisticGradients, softmax, squaredGradients } from './losses';
export { addLeafValues, copyRows, separateRows } from './partition';
export { searchThresholds } from './splits';
export { addTreeValues } from './walk';
