/** ISO 8601 durations as ARM writes them: `PT2M`, `PT3H`, `P1DT12H`. */
import { MalachiteError } from '@malachite/core';

const pattern = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** @throws MalachiteError `InvalidInput` for anything else, years and months included: their length depends on the calendar. */
export function secondsOf(duration: string): number {
  const match = pattern.exec(duration);
  if (!match || duration.endsWith('P') || duration.endsWith('T')) {
    throw new MalachiteError('InvalidInput', `"${duration}" is not a duration such as PT2M, PT3H or P1DT12H.`);
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return 86_400 * days + 3600 * hours + 60 * minutes + seconds;
}

/** In the largest whole unit, as the service answers: 120 is `PT2M`, 90 is `PT1M30S`. */
export function durationOf(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = Number((seconds % 60).toFixed(3));
  const text = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`;
  return `PT${text || '0S'}`;
}
