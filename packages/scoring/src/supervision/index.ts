export { processEnd } from '../process-end.ts';
export { type HostChannel, HostGone, type HostProcessOptions, type HostState, startHost } from './host-channel.ts';
export { type HostPool, hostPool } from './host-pool.ts';
export { type SupervisedHost, type SupervisedHostOptions, superviseHost } from './supervised-host.ts';
