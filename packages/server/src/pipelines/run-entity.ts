/** A pipeline run as Azure ML's REST endpoint answers it (`PipelineRunEntity`), in Pascal case. */
import { type PipelineRun, pipelineStatuses } from '@malachite/core';

const text = { type: 'string' };
const timeOrNull = { type: ['string', 'null'], format: 'date-time' };

export const RunEntity = {
  type: 'object',
  required: ['Id', 'Status', 'RunHistoryExperimentName', 'PipelineId', 'RunSource'],
  properties: {
    Id: { ...text, format: 'uuid' },
    Status: {
      type: 'object',
      properties: {
        StatusCode: { type: 'string', enum: pipelineStatuses },
        CreationTime: { ...text, format: 'date-time' },
        StartTime: timeOrNull,
        EndTime: timeOrNull,
      },
    },
    RunHistoryExperimentName: text,
    PipelineId: { type: ['string', 'null'] },
    RunSource: text,
  },
};

export const runEntity = (run: PipelineRun) => ({
  Id: run.id,
  Status: { StatusCode: run.status, CreationTime: run.createdAt, StartTime: run.startTime, EndTime: run.endTime },
  RunHistoryExperimentName: run.experimentName,
  PipelineId: run.pipelineId,
  RunSource: run.runSource,
});
