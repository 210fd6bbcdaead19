/**
 * The process of one endpoint. Its parent forks this file and speaks `host-messages`; it serves, sends what happened, and ends with its
 * parent.
 */
import type { Socket } from 'node:net';
import { asMalachiteError, MalachiteError } from '@malachite/core/errors';
import type { FromHost, HostedDeployment, StartHost, ToHost, UpdateHost } from './host-messages.ts';
import { hostedModels } from './hosted-models.ts';
import type { ServedDeployment } from './http/endpoint.ts';
import type { RequestRow } from './http/request-log.ts';
import { type TakenConnections, takenConnections } from './listener/taken-connections.ts';
import { accessLine, logLine } from './log-lines.ts';
import { type ConnectionlessServer, openConnectionlessServer } from './server.ts';

/** How long requests in flight may take when the host ends. */
const LAST_REQUESTS_MS = 2_000;

let server: ConnectionlessServer | undefined;
let connections: TakenConnections | undefined;
/** What answers now. */
let serving: readonly HostedDeployment[] = [];
const models = hostedModels(log, print);
/** Messages are worked off one after the other: an update never overtakes another. */
let queue: Promise<void> = Promise.resolve();

process.on('message', (message: ToHost, handle: unknown) => {
  if (message.type === 'stop') void end();
  else if (message.type === 'prepare') models.prepare(message.instances);
  else if (message.type === 'probe') send({ type: 'alive' });
  else if (message.type === 'connection') connections?.take(message.id, handle as Socket | undefined);
  else queue = queue.then(() => obey(message));
});
process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());
// Ctrl-C reaches the whole process group; the parent decides when its hosts end.
process.on('SIGINT', () => {});

async function obey(message: StartHost | UpdateHost): Promise<void> {
  try {
    const isAgain = message.type === 'start';
    const deployments = await Promise.all(message.deployments.map((deployment) => models.load(deployment, isAgain)));
    if (message.type === 'start') await start(message, deployments);
    else await requireServer().update({ deployments, keys: message.keys, mirrorTraffic: message.mirrorTraffic });
    serving = message.deployments;
    send({ type: message.type === 'start' ? 'ready' : 'updated', id: message.id });
  } catch (thrown) {
    const error = asMalachiteError(thrown);
    log('', 'E', error.message);
    send({ type: 'failed', id: message.id, error: error.toJSON() });
  }
  await models.keepFor(serving);
}

async function start(message: StartHost, deployments: readonly ServedDeployment[]): Promise<void> {
  if (server !== undefined) throw new MalachiteError('Conflict', 'The host has been started already.');
  const { serviceName, form, keys, mirrorTraffic, standalone = false } = message;
  const opened = await openConnectionlessServer({
    serviceName,
    form,
    keys,
    mirrorTraffic,
    deployments,
    gateway: !standalone,
    corsOrigins: process.env.AML_CORS_ORIGINS,
    onRequests: standalone ? undefined : onRequests,
    onLog: (text) => log('', 'E', text),
    onRequest: (request, response) => connections?.begin(request, response),
  });
  connections = takenConnections(opened.accept);
  server = opened;
  log('', 'I', `Serving "${serviceName ?? 'ML service'}" (${process.pid})`);
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

function requireServer(): ConnectionlessServer {
  if (server === undefined) throw new MalachiteError('Conflict', 'The host has not been started.');
  return server;
}

async function end(): Promise<void> {
  setTimeout(() => process.exit(0), LAST_REQUESTS_MS).unref();
  await server?.close();
  process.exit(0);
}
