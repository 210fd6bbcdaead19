/** Pipelines: graphs of steps, published behind a REST endpoint, run by a call or when a dataset changes. */
import { type Static, Type } from 'typebox';
import { AutoMLSettings, DataInput } from './automl.ts';
import { Fields, Name, type NameInput, Nullable, OneOf, Strict, Tags, Time } from './schema.ts';
import { JobError } from './training.ts';

export const AutoMLStep = Strict({
  type: OneOf(['automl']),
  compute: Type.Optional(Type.String()),
  trainingData: DataInput,
  validationData: Type.Optional(DataInput),
  testData: Type.Optional(DataInput),
  ...AutoMLSettings,
});
export type AutoMLStep = Static<typeof AutoMLStep>;

/** Registers an output of an earlier step; Malachite's own step type (in Azure a script step does it). */
export const RegisterModelStep = Strict({
  type: OneOf(['register_model']),
  modelName: Name,
  path: Type.String({ description: '${{parent.jobs.STEP.outputs.best_model}}' }),
  tags: Fields.tags,
});
export type RegisterModelStep = Static<typeof RegisterModelStep>;

export const PipelineStep = Type.Union([AutoMLStep, RegisterModelStep]);
export type PipelineStep = Static<typeof PipelineStep>;

/** A graph: steps are tied by `${{parent.jobs.STEP.outputs.NAME}}`, its inputs are `${{parent.inputs.NAME}}`. */
export const PipelineSpec = Strict({
  displayName: Type.Optional(Type.String()),
  description: Fields.description,
  inputs: Type.Optional(Type.Record(Type.String(), DataInput)),
  jobs: Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,254}$' }), PipelineStep, { minProperties: 1 }),
});
export type PipelineSpec = Static<typeof PipelineSpec>;

export const PublishPipeline = Strict({
  name: Name,
  description: Fields.description,
  pipeline: PipelineSpec,
});
export type PublishPipeline = Static<typeof PublishPipeline>;

export const PublishedPipeline = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Name,
  description: Type.Optional(Type.String()),
  status: OneOf(['Active', 'Disabled']),
  /** Where a POST with the bearer key starts a run; null in a workspace that no server serves. */
  endpoint: Nullable(Type.String({ format: 'uri' })),
  pipeline: PipelineSpec,
  createdAt: Time,
});
export type PublishedPipeline = Static<typeof PublishedPipeline>;

export const PipelineId = Strict({ id: Type.String({ description: 'The id, or the name, of a published pipeline.' }) });
export type PipelineId = Static<typeof PipelineId>;

export const PipelineKey = Type.Object({ key: Type.String() });
export type PipelineKey = Static<typeof PipelineKey>;

/** Who asked for a run: the SDK or CLI (the default), the published endpoint, or a schedule. */
export const RunSource = OneOf(['SDK', 'HTTP', 'Schedule']);
export type RunSource = Static<typeof RunSource>;

export const SubmitPipeline = Strict({
  /** A published pipeline, by id or name … */
  id: Type.Optional(Type.String()),
  /** … or a graph that is not published. */
  pipeline: Type.Optional(PipelineSpec),
  experimentName: Type.Optional(Type.String()),
  /** Replaces inputs of the graph. */
  inputs: Type.Optional(Type.Record(Type.String(), DataInput)),
  runSource: Type.Optional(RunSource),
});
export type SubmitPipeline = Static<typeof SubmitPipeline>;

export const pipelineStatuses = ['NotStarted', 'Running', 'Finished', 'Failed', 'Canceled'] as const;
export const terminalPipelineStatuses: ReadonlySet<string> = new Set(['Finished', 'Failed', 'Canceled']);

export const PipelineRunStep = Type.Object({
  name: Type.String(),
  type: OneOf(['automl', 'register_model']),
  status: OneOf(pipelineStatuses),
  jobName: Nullable(Type.String({ description: 'The job an AutoML step runs as.' })),
  model: Nullable(Type.String({ description: 'What a register_model step registered: azureml:NAME:VERSION.' })),
  startTime: Nullable(Time),
  endTime: Nullable(Time),
  error: Nullable(JobError),
});
export type PipelineRunStep = Static<typeof PipelineRunStep>;

export const PipelineRun = Type.Object({
  id: Type.String({ description: 'A UUID; on Azure the name of the pipeline job, which others may have chosen.' }),
  experimentName: Type.String(),
  pipelineId: Nullable(Type.String()),
  status: OneOf(pipelineStatuses),
  runSource: RunSource,
  properties: Tags,
  steps: Type.Array(PipelineRunStep),
  createdAt: Time,
  startTime: Nullable(Time),
  endTime: Nullable(Time),
});
export type PipelineRun = Static<typeof PipelineRun>;

export const PipelineRunInput = Strict({ id: Type.String() });
export type PipelineRunInput = Static<typeof PipelineRunInput>;

export const PipelineRunList = Strict({ pipelineId: Type.Optional(Type.String()) });
export type PipelineRunList = Static<typeof PipelineRunList>;

/** Runs a published pipeline whenever a new version of a dataset is created. */
export const ScheduleCreate = Strict({
  name: Name,
  pipelineId: Type.String({ description: 'The id, or the name, of a published pipeline.' }),
  trigger: Strict({ type: OneOf(['dataset']), datasetName: Name }),
  experimentName: Type.Optional(Type.String()),
});
export type ScheduleCreate = Static<typeof ScheduleCreate>;

export const Schedule = Type.Object({
  name: Name,
  pipelineId: Type.String(),
  trigger: Type.Object({ type: OneOf(['dataset']), datasetName: Name }),
  experimentName: Type.String(),
  isEnabled: Type.Boolean(),
  /** The version that was last acted upon, and the run it started. */
  lastVersion: Nullable(Type.String()),
  lastRunId: Nullable(Type.String()),
  createdAt: Time,
});
export type Schedule = Static<typeof Schedule>;

export const ScheduleUpdate = Strict({ name: Name, isEnabled: Type.Boolean() });
export type ScheduleUpdate = Static<typeof ScheduleUpdate>;

export interface Pipelines {
  /** Publishes a graph behind a REST endpoint. The graph is checked: unknown steps, cycles and missing inputs are `InvalidInput`. */
  publish(input: PublishPipeline): Promise<PublishedPipeline>;
  get(input: PipelineId): Promise<PublishedPipeline>;
  list(): Promise<PublishedPipeline[]>;
  /** Takes it out of service; its runs stay. */
  disable(input: PipelineId): Promise<PublishedPipeline>;
  /** The bearer key of the REST endpoint. */
  key(input: PipelineId): Promise<PipelineKey>;
  /** Starts a run and returns at once. */
  submit(input: SubmitPipeline): Promise<PipelineRun>;
  run(input: PipelineRunInput): Promise<PipelineRun>;
  /** Newest first. */
  runs(input: PipelineRunList): Promise<PipelineRun[]>;
  /** The run now and after every change, until it ends. */
  watchRun(input: PipelineRunInput): AsyncIterable<PipelineRun>;
  cancelRun(input: PipelineRunInput): Promise<PipelineRun>;
  /** Versions that exist already do not fire; each later one fires once, even across a restart. */
  createSchedule(input: ScheduleCreate): Promise<Schedule>;
  listSchedules(): Promise<Schedule[]>;
  updateSchedule(input: ScheduleUpdate): Promise<Schedule>;
  deleteSchedule(input: NameInput): Promise<void>;
}

/** Waits for the end of a run. */
export async function pipelineCompletion(pipelines: Pipelines, id: string): Promise<PipelineRun> {
  let last: PipelineRun | undefined;
  for await (const run of pipelines.watchRun({ id })) last = run;
  return last ?? pipelines.run({ id });
}
