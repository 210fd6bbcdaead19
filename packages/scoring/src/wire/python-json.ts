/**
 * JSON as Python writes it. The answers of the real server come from `json.dumps`: a space after `,` and `:`, everything beyond ASCII
 * escaped, floats always with a fraction or an exponent. Clients compare bytes more often than one would like.
 */

/** Text as `json.dumps` quotes it. */
export function jsonText(text: string): string {
  const quoted = JSON.stringify(text);
  return isAscii(quoted) ? quoted : quoted.replace(beyondAscii, unicodeEscape);
}

/** A float as Python's `repr` writes it: `1.0`, `1e-05`, `1e+16`, `NaN`. */
export function jsonFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return Object.is(value, -0) ? '-0.0' : `${value}.0`;
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Any JSON value as `json.dumps` writes it; its numbers are written as integers where they are whole. */
export function jsonDumps(value: unknown): string {
  if (typeof value === 'string') return jsonText(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : jsonFloat(value);
  if (Array.isArray(value)) return `[${value.map(jsonDumps).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{${entries.map(([key, each]) => `${jsonText(key)}: ${jsonDumps(each)}`).join(', ')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

const beyondAscii = /[\u007f-\uffff]/g;

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126) return false;
  return true;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
