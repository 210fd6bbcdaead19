/** The names under which emitted files know each other. */

/** `import … from './a'`, `export … from './a'`, `import './a'`, `import('./a')`. */
const importForm = /(\b(?:from|import)\s*\(?\s*)(['"])(\.[^'"\n]*)\2/g;
/** `new URL('./worker.ts', import.meta.url)`: a file that is read, forked or started as a worker. */
const addressForm = /(\bnew URL\(\s*)(['"])(\.[^'"\n]*)\2/g;

/**
 * The text with every `.ts` name as the `.js` it was compiled to. The compiler does so itself for imports in JavaScript, and neither
 * for those in declarations nor for addresses.
 */
export function toJavaScriptNames(text: string): string {
  const renamed = (whole: string, before: string, quote: string, name: string): string =>
    name.endsWith('.ts') ? `${before}${quote}${name.slice(0, -3)}.js${quote}` : whole;
  return text.replaceAll(importForm, renamed).replaceAll(addressForm, renamed);
}

/** Every relative name in an emitted file, outside of comments. */
export function namesIn(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');
  return [importForm, addressForm].flatMap((form) => [...code.matchAll(form)].map((match) => match[3] as string));
}
