/** What a body says it is. */

/** `application/json`, or a kind of it, whatever the parameters. */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  const type = mediaType(contentType);
  return type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'));
}

export function isCsv(contentType: string | undefined): boolean {
  return contentType === 'text/csv' || mediaType(contentType) === 'text/csv';
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
