/** Every command, in the order of the help. A new one is a new file and one line here. */
import type { Command, CommandGroup } from '../cli/command.ts';
import { archiveCommands } from './archive-commands.ts';
import { automl } from './automl.ts';
import { benchmark } from './benchmark.ts';
import { computeCreate } from './compute/create.ts';
import { computeDelete } from './compute/delete.ts';
import { computeList } from './compute/list.ts';
import { computeShow } from './compute/show.ts';
import { computeUpdate } from './compute/update.ts';
import { dataCreate } from './data/create.ts';
import { dataList } from './data/list.ts';
import { dataPreview } from './data/preview.ts';
import { dataProfile } from './data/profile.ts';
import { dataQuery } from './data/query.ts';
import { dataShow } from './data/show.ts';
import { down } from './down.ts';
import { env } from './env.ts';
import { inspect } from './inspect.ts';
import { jobCancel } from './job/cancel.ts';
import { jobCreate } from './job/create.ts';
import { jobDownload } from './job/download.ts';
import { jobList } from './job/list.ts';
import { jobResult } from './job/result.ts';
import { jobShow } from './job/show.ts';
import { jobStream } from './job/stream.ts';
import { logsQuery } from './logs/query.ts';
import { modelCreate } from './model/create.ts';
import { modelDownload } from './model/download.ts';
import { modelList } from './model/list.ts';
import { modelShow } from './model/show.ts';
import { onlineDeploymentCreate } from './online-deployment/create.ts';
import { onlineDeploymentDelete } from './online-deployment/delete.ts';
import { onlineDeploymentGetLogs } from './online-deployment/get-logs.ts';
import { onlineDeploymentList } from './online-deployment/list.ts';
import { onlineDeploymentShow } from './online-deployment/show.ts';
import { onlineDeploymentUpdate } from './online-deployment/update.ts';
import { onlineEndpointCreate } from './online-endpoint/create.ts';
import { onlineEndpointDelete } from './online-endpoint/delete.ts';
import { onlineEndpointGetCredentials } from './online-endpoint/get-credentials.ts';
import { onlineEndpointGetLogs } from './online-endpoint/get-logs.ts';
import { onlineEndpointInvoke } from './online-endpoint/invoke.ts';
import { onlineEndpointList } from './online-endpoint/list.ts';
import { onlineEndpointRegenerateKeys } from './online-endpoint/regenerate-keys.ts';
import { onlineEndpointShow } from './online-endpoint/show.ts';
import { onlineEndpointUpdate } from './online-endpoint/update.ts';
import { parity } from './parity.ts';
import { pipelineCancelRun } from './pipeline/cancel-run.ts';
import { pipelineDisable } from './pipeline/disable.ts';
import { pipelineGetCredentials } from './pipeline/get-credentials.ts';
import { pipelineList } from './pipeline/list.ts';
import { pipelinePublish } from './pipeline/publish.ts';
import { pipelineRun } from './pipeline/run.ts';
import { pipelineRuns } from './pipeline/runs.ts';
import { pipelineShow } from './pipeline/show.ts';
import { pipelineShowRun } from './pipeline/show-run.ts';
import { quickstart } from './quickstart.ts';
import { scheduleCreate } from './schedule/create.ts';
import { scheduleDelete } from './schedule/delete.ts';
import { scheduleDisable } from './schedule/disable.ts';
import { scheduleEnable } from './schedule/enable.ts';
import { scheduleList } from './schedule/list.ts';
import { scheduleShow } from './schedule/show.ts';
import { scheduleTrigger } from './schedule/trigger.ts';
import { score } from './score.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { up } from './up.ts';

export const commands: readonly (Command | CommandGroup)[] = [
  up,
  down,
  status,
  env,
  quickstart,
  serve,
  automl,
  score,
  inspect,
  benchmark,
  parity,
  {
    name: 'data',
    describe: 'Data assets: immutable, versioned, with a schema and a profile.',
    commands: [
      dataCreate,
      dataList,
      dataShow,
      dataProfile,
      dataPreview,
      dataQuery,
      ...archiveCommands('data', 'a data asset', ({ datasets }) => datasets),
    ],
  },
  {
    name: 'compute',
    describe: 'Compute clusters: how many jobs run side by side.',
    commands: [computeCreate, computeList, computeShow, computeUpdate, computeDelete],
  },
  {
    name: 'job',
    describe: 'Jobs: AutoML runs and pipelines.',
    commands: [jobCreate, jobList, jobShow, jobStream, jobResult, jobCancel, jobDownload],
  },
  {
    name: 'model',
    describe: 'Registered models.',
    commands: [modelCreate, modelList, modelShow, modelDownload, ...archiveCommands('model', 'a model', ({ models }) => models)],
  },
  {
    name: 'online-endpoint',
    describe: 'Online endpoints: scoring URIs with keys.',
    commands: [
      onlineEndpointCreate,
      onlineEndpointList,
      onlineEndpointShow,
      onlineEndpointUpdate,
      onlineEndpointDelete,
      onlineEndpointInvoke,
      onlineEndpointGetCredentials,
      onlineEndpointRegenerateKeys,
      onlineEndpointGetLogs,
    ],
  },
  {
    name: 'online-deployment',
    describe: 'Deployments: models behind online endpoints.',
    commands: [
      onlineDeploymentCreate,
      onlineDeploymentList,
      onlineDeploymentShow,
      onlineDeploymentUpdate,
      onlineDeploymentDelete,
      onlineDeploymentGetLogs,
    ],
  },
  {
    name: 'pipeline',
    describe: 'Published pipelines and their runs.',
    commands: [
      pipelinePublish,
      pipelineList,
      pipelineShow,
      pipelineRun,
      pipelineRuns,
      pipelineShowRun,
      pipelineCancelRun,
      pipelineGetCredentials,
      pipelineDisable,
    ],
  },
  {
    name: 'schedule',
    describe: 'Schedules: pipelines that run when data changes.',
    commands: [scheduleCreate, scheduleList, scheduleShow, scheduleEnable, scheduleDisable, scheduleTrigger, scheduleDelete],
  },
  {
    name: 'logs',
    describe: 'Requests, traces, exceptions and metrics.',
    commands: [logsQuery],
  },
];
