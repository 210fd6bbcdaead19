/** Swagger UI at `/docs`, from the package's own files: it works with the network cut. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface DocsFile {
  readonly type: string;
  readonly body: Buffer;
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Scoring endpoint</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** The document of version 3.1 names no server, so that "Try it out" calls the host the page came from. */
const start = `SwaggerUIBundle({ url: 'swagger.json?version=3.1', dom_id: '#swagger-ui', persistAuthorization: true, tryItOutEnabled: true });
`;

const packaged: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** @param name what follows `/docs/`; empty for the page itself. @returns undefined for a file that is not part of the page */
export async function docsFile(name: string): Promise<DocsFile | undefined> {
  if (name === '') return { type: 'text/html; charset=utf-8', body: Buffer.from(page) };
  if (name === 'start.js') return { type: 'text/javascript; charset=utf-8', body: Buffer.from(start) };
  const type = Object.hasOwn(packaged, name) ? packaged[name] : undefined;
  if (type === undefined) return undefined;
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return { type, body: await readFile(join(folder, name)) };
}
