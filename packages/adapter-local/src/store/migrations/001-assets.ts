/** Datasets, compute clusters and telemetry. Tags, properties, columns and files of an asset are JSON text. */
export const assets = `
CREATE TABLE datasets (
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  -- Order of creation over the whole workspace: the latest version of a name has the highest.
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  format TEXT NOT NULL,
  description TEXT,
  tags TEXT,
  properties TEXT,
  -- [{path, sha256, sizeBytes}]
  files TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  row_count INTEGER,
  -- [{name, type}]
  columns TEXT NOT NULL,
  -- How the files become rows (datasets/reading.ts), without their paths; NULL for a binary dataset.
  reading TEXT,
  is_archived INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  UNIQUE (name, version)
) STRICT;
CREATE INDEX datasets_by_name ON datasets (name, sequence);

-- Profiles are computed once for the same bytes read in the same way.
CREATE TABLE dataset_profiles (
  key TEXT PRIMARY KEY,
  profile TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE computes (
  name TEXT PRIMARY KEY COLLATE NOCASE,
  type TEXT NOT NULL,
  size TEXT NOT NULL,
  tier TEXT NOT NULL,
  min_instances INTEGER NOT NULL,
  max_instances INTEGER NOT NULL,
  idle_time_before_scale_down INTEGER NOT NULL,
  description TEXT,
  tags TEXT,
  properties TEXT,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Telemetry: columns as Application Insights and Azure Monitor name them (telemetry/tables.ts says their KQL types).
-- Times are milliseconds since 1970; a text that is not there is ''; dynamic columns are JSON objects.
CREATE TABLE requests (
  id_ INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL,
  id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',
  success INTEGER,
  resultCode TEXT NOT NULL DEFAULT '',
  duration REAL,
  customDimensions TEXT NOT NULL DEFAULT '{}',
  operation_Name TEXT NOT NULL DEFAULT '',
  operation_Id TEXT NOT NULL DEFAULT '',
  cloud_RoleName TEXT NOT NULL DEFAULT '',
  cloud_RoleInstance TEXT NOT NULL DEFAULT '',
  itemCount INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX requests_by_time ON requests (timestamp);

CREATE TABLE traces (
  id_ INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL,
  message TEXT NOT NULL DEFAULT '',
  severityLevel INTEGER,
  customDimensions TEXT NOT NULL DEFAULT '{}',
  operation_Name TEXT NOT NULL DEFAULT '',
  operation_Id TEXT NOT NULL DEFAULT '',
  cloud_RoleName TEXT NOT NULL DEFAULT '',
  cloud_RoleInstance TEXT NOT NULL DEFAULT '',
  itemCount INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX traces_by_time ON traces (timestamp);

CREATE TABLE exceptions (
  id_ INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL,
  problemId TEXT NOT NULL DEFAULT '',
  type TEXT NOT NULL DEFAULT '',
  outerMessage TEXT NOT NULL DEFAULT '',
  severityLevel INTEGER,
  customDimensions TEXT NOT NULL DEFAULT '{}',
  operation_Name TEXT NOT NULL DEFAULT '',
  operation_Id TEXT NOT NULL DEFAULT '',
  cloud_RoleName TEXT NOT NULL DEFAULT '',
  cloud_RoleInstance TEXT NOT NULL DEFAULT '',
  itemCount INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX exceptions_by_time ON exceptions (timestamp);

CREATE TABLE customMetrics (
  id_ INTEGER PRIMARY KEY AUTOINCREMENT,
  timestamp INTEGER NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  value REAL,
  valueCount INTEGER NOT NULL DEFAULT 1,
  valueSum REAL,
  valueMin REAL,
  valueMax REAL,
  valueStdDev REAL,
  customDimensions TEXT NOT NULL DEFAULT '{}',
  operation_Name TEXT NOT NULL DEFAULT '',
  operation_Id TEXT NOT NULL DEFAULT '',
  cloud_RoleName TEXT NOT NULL DEFAULT '',
  cloud_RoleInstance TEXT NOT NULL DEFAULT '',
  itemCount INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX customMetrics_by_time ON customMetrics (timestamp);

CREATE TABLE AmlOnlineEndpointTrafficLog (
  id_ INTEGER PRIMARY KEY AUTOINCREMENT,
  TimeGenerated INTEGER NOT NULL,
  OperationName TEXT NOT NULL DEFAULT '',
  Method TEXT NOT NULL DEFAULT '',
  Path TEXT NOT NULL DEFAULT '',
  Location TEXT NOT NULL DEFAULT '',
  AzureMLWorkspaceId TEXT NOT NULL DEFAULT '',
  AzureMLWorkspaceName TEXT NOT NULL DEFAULT '',
  EndpointName TEXT NOT NULL DEFAULT '',
  DeploymentName TEXT NOT NULL DEFAULT '',
  Protocol TEXT NOT NULL DEFAULT '',
  AuthType TEXT NOT NULL DEFAULT '',
  IdentityData TEXT NOT NULL DEFAULT '',
  ResponseCode INTEGER,
  ResponseCodeReason TEXT NOT NULL DEFAULT '',
  ModelStatusCode INTEGER,
  ModelStatusReason TEXT NOT NULL DEFAULT '',
  RequestPayloadSize INTEGER,
  ResponsePayloadSize INTEGER,
  UserAgent TEXT NOT NULL DEFAULT '',
  XRequestId TEXT NOT NULL DEFAULT '',
  XMSClientRequestId TEXT NOT NULL DEFAULT '',
  TotalDurationMs INTEGER,
  RequestDurationMs INTEGER,
  ResponseDurationMs INTEGER,
  RequestThrottlingDelayMs INTEGER,
  ResponseThrottlingDelayMs INTEGER
) STRICT;
CREATE INDEX traffic_by_time ON AmlOnlineEndpointTrafficLog (TimeGenerated);
`;
