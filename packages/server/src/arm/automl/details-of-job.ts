/** An AutoML job of the workspace in ARM's words: what `taskDetails` answers, also for jobs that no client of this wire sent. */
import type { AutoMLJob } from '@malachite/core';
import { durationOf } from '../durations.ts';
import { idOf, type Scope } from '../paths.ts';

export function detailsOfJob(scope: Scope, spec: AutoMLJob): object {
  const { limits = {}, training = {}, featurization = {} } = spec;
  return {
    taskType: spec.task === 'classification' ? 'Classification' : 'Regression',
    primaryMetric: pascal(spec.primaryMetric ?? ''),
    targetColumnName: spec.targetColumnName,
    logVerbosity: 'Info',
    trainingData: inputOf(scope, spec.trainingData.path),
    validationData: spec.validationData ? inputOf(scope, spec.validationData.path) : undefined,
    validationDataSize: spec.validationDataSize,
    testData: spec.testData ? inputOf(scope, spec.testData.path) : undefined,
    testDataSize: spec.testDataSize,
    cvSplitColumnNames: spec.cvSplitColumnNames,
    weightColumnName: spec.weightColumnName,
    positiveLabel: spec.positiveLabel,
    nCrossValidations: spec.nCrossValidations === undefined ? undefined : { mode: 'Custom', value: spec.nCrossValidations },
    limitSettings: {
      timeout: limits.timeoutMinutes === undefined ? undefined : durationOf(60 * limits.timeoutMinutes),
      trialTimeout: limits.trialTimeoutMinutes === undefined ? undefined : durationOf(60 * limits.trialTimeoutMinutes),
      maxTrials: limits.maxTrials ?? 1000,
      maxConcurrentTrials: limits.maxConcurrentTrials ?? 1,
      exitScore: limits.exitScore,
      enableEarlyTermination: limits.enableEarlyTermination ?? true,
    },
    trainingSettings: { ...training },
    featurizationSettings: { ...featurization, mode: featurization.mode ?? 'auto' },
  };
}

function inputOf(scope: Scope, path: string): object {
  const [, name, version] = /^azureml:([^:@]+):([^:@]+)$/.exec(path) ?? [];
  return {
    jobInputType: 'mltable',
    mode: 'ReadOnlyMount',
    uri: name && version ? idOf(scope, 'data', name, 'versions', version) : path,
  };
}

/** `AUC_weighted` is `AUCWeighted`, `r2_score` is `R2Score`. */
const pascal = (metric: string): string => metric.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
