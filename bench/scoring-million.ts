/** The memory of a scoring host over a million requests: it should be flat. */
import { loadOf } from './scoring-load.ts';
import { memoryMB, startHost } from './scoring-servers.ts';

const QUARTER = 250_000;

/** Prints the resident memory before, after each quarter, and at its peak. @param body one row */
export async function million(modelPath: string, body: string): Promise<void> {
  const host = await startHost(modelPath);
  try {
    const tell = (after: number, failed: number): void => {
      const { now, peak } = memoryMB(host);
      console.log(`${String(after).padStart(8)} requests, ${failed} failed: ${now.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
    };
    tell(0, 0);
    let failed = 0;
    for (let quarter = 1; quarter <= 4; quarter++) {
      failed += (await loadOf(host, QUARTER, { body, connections: 64 })).failed;
      tell(quarter * QUARTER, failed);
    }
  } finally {
    host.stop();
  }
}
