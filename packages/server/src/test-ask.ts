/** Asks a server as a program without our client would. */

export type Asking = RequestInit & { readonly json?: unknown };
export type Answer = {
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly text: string;
};

export async function askServer(url: string, path: string, { json, ...init }: Asking = {}): Promise<Answer> {
  const body =
    json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}${path}`, { ...body, ...init });
  const text = await response.text();
  return { status: response.status, text, ...(response.status >= 400 && { error: JSON.parse(text).error }) };
}
