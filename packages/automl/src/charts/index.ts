export { type AccuracyTable, accuracyTable, joinedAccuracyTables } from './accuracy-table.ts';
export { type CalibrationCurve, calibrationCurves } from './calibration.ts';
export { type ConfusionMatrixChart, confusionMatrixChart } from './confusion-matrix.ts';
export { type ClassCurves, classificationCurves } from './curves.ts';
export { type PredictedTrueChart, predictedTrueChart } from './predicted-true.ts';
export { moments, type ResidualsChart, residualsChart } from './residuals.ts';
