/**
 * Draws what a command printed as a picture for the README: text on stdin, SVG on stdout.
 *
 *     npm start 2>&1 | tee walkthrough.log     # Ctrl-C when it has settled
 *     node scripts/terminal-picture.ts 'npm start' < walkthrough.log > docs/walkthrough.svg
 */
import { text } from 'node:stream/consumers';

const fontSize = 13;
const lineHeight = 19;
const columns = 132;
const margin = 16;

const title = process.argv[2] ?? '';
const lines = (await text(process.stdin))
  .trimEnd()
  .split('\n')
  .map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
const width = Math.ceil(columns * fontSize * 0.602 + 2 * margin);
const height = (lines.length + 3) * lineHeight;

// Viewers fold runs of blanks; no-break spaces stay.
const encode = (line: string): string =>
  line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');
const colour = (line: string): string => {
  if (line.startsWith('+')) return '#7ee2a8';
  if (/^(=+|-[- ]+)$/.test(line)) return '#4b6b5c';
  return /^ {4}/.test(line) ? '#8fa39a' : '#e6f2ec';
};

process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>What ${encode(title)} shows</title>
<rect width="100%" height="100%" rx="10" fill="#10201a"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${fontSize}">
<text x="${margin}" y="${lineHeight * 1.3}" fill="#e6f2ec" font-weight="bold">$ ${encode(title)}</text>
${lines.map((line, i) => `<text x="${margin}" y="${(i + 2.5) * lineHeight}" fill="${colour(line)}">${encode(line)}</text>`).join('\n')}
</g>
</svg>
`);
