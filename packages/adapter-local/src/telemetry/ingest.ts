/** Telemetry rows into their tables: many at a time, old ones out. */
import { MalachiteError, type TelemetryTable, telemetryTables } from '@malachite/core';
import type { Database, SqlValue } from '../store/database.ts';
import { quoted } from './kql/scope.ts';
import { telemetryColumns, timeColumn } from './tables.ts';

export type TelemetryValue = string | number | boolean | Date | Readonly<Record<string, unknown>> | null | undefined;

/** One row. Columns that are left out keep their defaults; the time column (`timestamp`, `TimeGenerated`) must be there. */
export type TelemetryRow = { readonly table: TelemetryTable; readonly columns: Readonly<Record<string, TelemetryValue>> };

/** What is kept: so many rows of each table, and none older than so many days. */
export type Retention = { readonly rows: number; readonly days: number };

export const defaultRetention: Retention = { rows: 100_000, days: 30 };

/**
 * Writes all rows in one transaction.
 *
 * @throws InvalidInput for a column that the table does not have
 */
export function ingestRows(db: Database, rows: readonly TelemetryRow[], now: Date, retention: Retention): void {
  if (rows.length === 0) return;
  db.transaction(() => {
    for (const { table, columns } of rows) {
      const names = Object.keys(columns).filter((name) => columns[name] !== undefined);
      const unknown = names.find((name) => !(name in telemetryColumns[table]));
      if (unknown !== undefined)
        throw new MalachiteError('InvalidInput', `Telemetry table "${table}" has no column "${unknown}".`);
      db.run(
        `INSERT INTO ${quoted(table)} (${names.map(quoted).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        names.map((name) => stored(columns[name])),
      );
    }
    for (const table of telemetryTables) {
      if (rows.some((row) => row.table === table)) forgetOld(db, table, now, retention);
    }
  });
}

function forgetOld(db: Database, table: TelemetryTable, now: Date, { rows, days }: Retention): void {
  db.run(`DELETE FROM ${quoted(table)} WHERE id_ <= (SELECT max(id_) FROM ${quoted(table)}) - ?`, [rows]);
  db.run(`DELETE FROM ${quoted(table)} WHERE ${quoted(timeColumn(table))} < ?`, [now.getTime() - days * 86_400_000]);
}

function stored(value: TelemetryValue): SqlValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
