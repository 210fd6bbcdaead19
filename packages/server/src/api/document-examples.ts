/** Core's examples put where the page of the API takes them from: whole bodies, and the fields of the path. */
import { exampleOf } from '@malachite/core';

type Parameter = { readonly in?: string; readonly name?: string; example?: unknown };
type Described = {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { example?: unknown }>> };
};
type Paths = Readonly<Record<string, Readonly<Record<string, Described>>>>;

/** Adds to the document: `operationId` is `port_method`. A body's example is the input without what travels in the path. */
export function addExamples(paths: Paths): void {
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const [port = '', method = ''] = operation.operationId?.split('_') ?? [];
    const example = exampleOf(port, method);
    if (example === undefined) continue;
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    for (const parameter of inPath) parameter.example = example[parameter.name ?? ''];
    const names = new Set(inPath.map(({ name }) => name));
    const body = operation.requestBody?.content?.['application/json'];
    if (body) body.example = Object.fromEntries(Object.entries(example).filter(([field]) => !names.has(field)));
  }
}
