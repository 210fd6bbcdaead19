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

-- Rows of all five telemetry tables; "columns" is a JSON object of the table's columns (telemetry/tables.ts).
CREATE TABLE telemetry (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  -- Milliseconds since 1970.
  time INTEGER NOT NULL,
  columns TEXT NOT NULL
) STRICT;
CREATE INDEX telemetry_by_time ON telemetry (kind, time);
`;
