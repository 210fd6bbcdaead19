/** Markup as a tagged template: what is put in is escaped, unless it is markup itself. */

export type Html = { readonly markup: string };
type Part = string | number | Html | readonly Html[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((text, string, index) => text + partText(parts[index - 1] ?? '') + string) };
}

/** A long name of a metric or column, which may be broken after its underscores and dots. */
export function breakable(name: string): Html {
  return { markup: partText(name).replace(/[_.]/g, '$&<wbr>') };
}

/** Nothing at all, for parts that are left out. */
export const nothing: Html = { markup: '' };

function partText(part: Part): string {
  if (typeof part === 'object') return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
