/**
 * Jobs with their events and trials, models, endpoints with their deployments, pipelines with their runs.
 *
 * Columns that hold an object hold JSON. Times are ISO 8601 in UTC. A blob is named by its sha256; nothing names a path
 * of this machine, so that a home folder can be copied. `ordinal` is the order of creation.
 */
export const runs = `
CREATE TABLE jobs (
  ordinal INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  experiment_name TEXT NOT NULL,
  description TEXT,
  tags TEXT NOT NULL,
  properties TEXT NOT NULL,
  compute TEXT NOT NULL,
  status TEXT NOT NULL,
  created_at TEXT NOT NULL,
  start_time TEXT,
  end_time TEXT,
  error TEXT,
  spec TEXT NOT NULL,
  -- What the finished search says beside its trials: best trial, guardrails, explanation, validation, reason of the stop.
  outcome TEXT,
  -- Seconds of search that are used already; they count toward the time budget after a restart.
  used_seconds REAL NOT NULL DEFAULT 0,
  -- How often the job process crashed and was started again.
  restarts INTEGER NOT NULL DEFAULT 0,
  -- The process that works on it: pid and start time as "<pid> <start>".
  process TEXT
);
CREATE INDEX jobs_by_status ON jobs (status, compute);

CREATE TABLE job_events (
  job TEXT NOT NULL REFERENCES jobs (name),
  sequence INTEGER NOT NULL,
  time TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (job, sequence)
) WITHOUT ROWID;

CREATE TABLE trials (
  name TEXT PRIMARY KEY,
  job TEXT NOT NULL REFERENCES jobs (name),
  iteration INTEGER NOT NULL,
  trial TEXT NOT NULL,
  -- Blobs from which the search goes on after a crash; onnx is null for a failed trial.
  onnx TEXT,
  validation_predictions TEXT NOT NULL,
  parity_predictions TEXT NOT NULL,
  UNIQUE (job, iteration)
);

-- run is the name of a job or of a trial.
CREATE TABLE artifacts (
  run TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (run, path)
) WITHOUT ROWID;

CREATE TABLE models (
  ordinal INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  type TEXT NOT NULL,
  description TEXT,
  tags TEXT,
  properties TEXT,
  files TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  -- The path, within the model, of the ONNX file that is served; null when there is none.
  onnx_path TEXT,
  signature TEXT,
  job_name TEXT,
  trial_name TEXT,
  metrics TEXT,
  parity TEXT,
  is_archived INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  UNIQUE (name, version)
);

CREATE TABLE endpoints (
  ordinal INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  auth_mode TEXT NOT NULL,
  description TEXT,
  tags TEXT,
  properties TEXT,
  traffic TEXT NOT NULL,
  primary_key TEXT NOT NULL,
  secondary_key TEXT NOT NULL,
  port INTEGER NOT NULL,
  process TEXT,
  created_at TEXT NOT NULL
);

CREATE TABLE deployments (
  ordinal INTEGER PRIMARY KEY,
  endpoint TEXT NOT NULL REFERENCES endpoints (name) ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- azureml:NAME:VERSION, and the one that an update is about to put in its place.
  model TEXT NOT NULL,
  next_model TEXT,
  -- Whether the host has loaded the model once; only then it is started with it again.
  is_served INTEGER NOT NULL DEFAULT 0,
  instance_type TEXT NOT NULL,
  app_insights_enabled INTEGER NOT NULL,
  description TEXT,
  tags TEXT,
  properties TEXT,
  state TEXT NOT NULL,
  error TEXT,
  created_at TEXT NOT NULL,
  UNIQUE (endpoint, name)
);

CREATE TABLE pipelines (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL,
  pipeline TEXT NOT NULL,
  key TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE pipeline_runs (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  experiment_name TEXT NOT NULL,
  pipeline_id TEXT REFERENCES pipelines (id),
  status TEXT NOT NULL,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  run_source TEXT NOT NULL,
  properties TEXT NOT NULL,
  -- The graph as it runs: the published one with the inputs of this run.
  pipeline TEXT NOT NULL,
  created_at TEXT NOT NULL,
  start_time TEXT,
  end_time TEXT
);

CREATE TABLE pipeline_run_steps (
  run TEXT NOT NULL REFERENCES pipeline_runs (id),
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  job_name TEXT,
  model TEXT,
  start_time TEXT,
  end_time TEXT,
  error TEXT,
  PRIMARY KEY (run, name)
);

CREATE TABLE schedules (
  name TEXT PRIMARY KEY,
  pipeline_id TEXT NOT NULL REFERENCES pipelines (id),
  dataset_name TEXT NOT NULL,
  experiment_name TEXT NOT NULL,
  is_enabled INTEGER NOT NULL,
  last_version TEXT,
  last_run_id TEXT,
  created_at TEXT NOT NULL
);
`;
