/** Jobs: submitted, watched, canceled; their trials, metrics and files. */
import { type Static, Type } from 'typebox';
import { type AutoMLResult, AutoMLSettings, DataInput, Guardrail, type Metrics, Trial } from './automl.ts';
import { MalachiteError } from './errors.ts';
import { Fields, Name, type NameInput, Nullable, OneOf, Strict, Tags, Time } from './schema.ts';

export const jobStatuses = [
  'NotStarted',
  'Queued',
  'Preparing',
  'Running',
  'Finalizing',
  'Completed',
  'Failed',
  'CancelRequested',
  'Canceled',
] as const;
export type JobStatus = (typeof jobStatuses)[number];
export const terminalJobStatuses: ReadonlySet<string> = new Set<JobStatus>(['Completed', 'Failed', 'Canceled']);

export const AutoMLJob = Strict({
  type: OneOf(['automl']),
  name: Type.Optional(Name),
  displayName: Type.Optional(Type.String()),
  experimentName: Type.Optional(Type.String()),
  ...Fields,
  compute: Type.Optional(Type.String({ description: 'azureml:NAME or NAME; without it, serverless.' })),
  trainingData: DataInput,
  validationData: Type.Optional(DataInput),
  testData: Type.Optional(DataInput),
  ...AutoMLSettings,
});
export type AutoMLJob = Static<typeof AutoMLJob>;

export const JobError = Type.Object({ code: Type.String(), message: Type.String() });

export const Job = Type.Object({
  name: Name,
  type: OneOf(['automl']),
  displayName: Type.String(),
  experimentName: Type.String(),
  description: Type.Optional(Type.String()),
  tags: Tags,
  properties: Tags,
  compute: Type.String(),
  status: OneOf(jobStatuses),
  createdAt: Time,
  startTime: Nullable(Time),
  endTime: Nullable(Time),
  error: Nullable(JobError),
  /** The specification, with defaults filled in and data references resolved to a version. */
  spec: AutoMLJob,
});
export type Job = Static<typeof Job>;

const at = { sequence: Type.Integer({ description: 'Counts from 1 within a job.' }), time: Time };
/** What happens in a job, in order; kept as long as the job. */
export const JobEvent = Type.Union([
  Type.Object({ ...at, type: Type.Literal('status'), status: OneOf(jobStatuses), message: Type.Optional(Type.String()) }),
  Type.Object({ ...at, type: Type.Literal('phase'), phase: Type.String(), description: Type.String() }),
  Type.Object({ ...at, type: Type.Literal('guardrails'), guardrails: Type.Array(Guardrail) }),
  Type.Object({ ...at, type: Type.Literal('trial'), trial: Trial, bestScore: Nullable(Type.Number()) }),
  Type.Object({ ...at, type: Type.Literal('log'), level: OneOf(['debug', 'info', 'warning', 'error']), message: Type.String() }),
]);
export type JobEvent = Static<typeof JobEvent>;

export const JobEventsInput = Strict({
  name: Name,
  after: Type.Optional(Type.Integer({ minimum: 0, default: 0, description: 'Only events with a higher sequence.' })),
});
export type JobEventsInput = Static<typeof JobEventsInput>;

export const JobList = Strict({
  experimentName: Type.Optional(Type.String()),
  status: Type.Optional(OneOf(jobStatuses)),
});
export type JobList = Static<typeof JobList>;

export const Artifact = Type.Object({ path: Type.String(), sizeBytes: Type.Integer() });
export type Artifact = Static<typeof Artifact>;

export const ArtifactInput = Strict({ name: Name, path: Type.String({ minLength: 1, maxLength: 1024 }) });
export type ArtifactInput = Static<typeof ArtifactInput>;

export interface Training {
  /**
   * Validates and records a job, and returns at once with status Queued (or further).
   *
   *     const job = await workspace.training.submit({ type: 'automl', task: 'classification',
   *       trainingData: { path: 'azureml:bank@latest' }, targetColumnName: 'y', limits: { timeoutMinutes: 0.5 } });
   *     for await (const event of workspace.training.events({ name: job.name })) console.log(event);
   */
  submit(input: AutoMLJob): Promise<Job>;
  get(input: NameInput): Promise<Job>;
  /** Newest first. */
  list(input: JobList): Promise<Job[]>;
  /** Everything that happened since `after`, then what happens, until the job ends. Two readers see the same. */
  events(input: JobEventsInput): AsyncIterable<JobEvent>;
  /** Asks the job to stop; finished trials are kept. A job that has ended is a `Conflict`. */
  cancel(input: NameInput): Promise<Job>;
  /** Trials, guardrails and explanation so far. */
  result(input: NameInput): Promise<AutoMLResult>;
  /** Scalar metrics of a job (its best trial's) or of one trial (`<job>_<iteration>`). */
  metrics(input: NameInput): Promise<Metrics>;
  /** The files of a job or trial: `outputs/model.onnx`, `accuracy_table`, … under Azure's paths. */
  artifacts(input: NameInput): Promise<Artifact[]>;
  /** The bytes of one of those files. */
  artifact(input: ArtifactInput): AsyncIterable<Uint8Array>;
}

/** Waits for the end of a job. A job that ends otherwise than Completed is returned too: look at its status. */
export async function jobCompletion(training: Training, name: string): Promise<Job> {
  for await (const event of training.events({ name })) {
    if (event.type === 'status' && terminalJobStatuses.has(event.status)) break;
  }
  const job = await training.get({ name });
  if (!terminalJobStatuses.has(job.status)) {
    throw new MalachiteError('Unavailable', `The events of job "${name}" ended while it is ${job.status}.`);
  }
  return job;
}
