/**
 * The process of one endpoint. Its parent forks this file and speaks `host-messages`; it serves, sends what happened, and ends with its
 * parent.
 */
import { asMalachiteError, MalachiteError } from '@malachite/core';
import type { FromHost, HostedDeployment, StartHost, ToHost, UpdateHost } from './host-messages.ts';
import { hostedModels } from './hosted-models.ts';
import type { ServedDeployment } from './http/endpoint.ts';
import type { RequestRow } from './http/request-log.ts';
import { accessLine, logLine } from './log-lines.ts';
import { type ScoringServer, startScoringServer } from './server.ts';

/** How long requests in flight may take when the host ends. */
const LAST_REQUESTS_MS = 2_000;

let server: ScoringServer | undefined;
/** What answers now. */
let serving: readonly HostedDeployment[] = [];
const models = hostedModels(log, print);
/** Messages are worked off one after the other: an update never overtakes another. */
let queue: Promise<void> = Promise.resolve();

process.on('message', (message: ToHost) => {
  if (message.type === 'stop') void end();
  else queue = queue.then(() => obey(message));
});
process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());
// Ctrl-C reaches the whole process group; the parent decides when its hosts end.
process.on('SIGINT', () => {});

async function obey(message: StartHost | UpdateHost): Promise<void> {
  try {
    const deployments = await Promise.all(message.deployments.map(models.load));
    if (message.type === 'start') await start(message, deployments);
    else await requireServer().update({ deployments, keys: message.keys, mirrorTraffic: message.mirrorTraffic });
    serving = message.deployments;
    send(
      message.type === 'start'
        ? { type: 'ready', id: message.id, port: requireServer().port }
        : { type: 'updated', id: message.id },
    );
  } catch (thrown) {
    const error = asMalachiteError(thrown);
    log('', 'E', error.message);
    send({ type: 'failed', id: message.id, error: error.toJSON() });
  }
  await models.keepFor(serving);
}

async function start(message: StartHost, deployments: readonly ServedDeployment[]): Promise<void> {
  if (server !== undefined) throw new MalachiteError('Conflict', 'The host has been started already.');
  const { port, host, serviceName, form, keys, mirrorTraffic } = message;
  server = await startScoringServer({
    port,
    host,
    serviceName,
    form,
    keys,
    mirrorTraffic,
    deployments,
    gateway: true,
    corsOrigins: process.env.AML_CORS_ORIGINS,
    onRequests,
    onLog: (text) => log('', 'E', text),
  });
  log('', 'I', `Listening at: ${server.url} (${process.pid})`);
}

function onRequests(rows: RequestRow[]): void {
  send({ type: 'requests', rows });
  send({ type: 'log', lines: rows.map((row) => ({ deployment: row.deployment, text: accessLine(row) })) });
}

/** What a script prints has a layout of its own. */
function print(deployment: string, line: string): void {
  send({ type: 'log', lines: [{ deployment, text: line }] });
}

function log(deployment: string, level: 'I' | 'E', text: string): void {
  send({ type: 'log', lines: [{ deployment, text: logLine(Date.now(), level, text) }] });
}

function send(message: FromHost): void {
  // A parent that is gone reads nothing; "disconnect" ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function requireServer(): ScoringServer {
  if (server === undefined) throw new MalachiteError('Conflict', 'The host has not been started.');
  return server;
}

async function end(): Promise<void> {
  setTimeout(() => process.exit(0), LAST_REQUESTS_MS).unref();
  await server?.close();
  process.exit(0);
}
