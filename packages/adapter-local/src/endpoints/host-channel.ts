/** One scoring host process and its messages: what is asked gets its answer, what it tells is passed on. */
import type { ChildProcess } from 'node:child_process';
import { MalachiteError } from '@malachite/core';
import type {
  FromHost,
  HostedDeployment,
  HostLog,
  HostReady,
  HostRequests,
  HostUpdated,
  StartHost,
  ToHost,
  UpdateHost,
} from '@malachite/scoring';
import { hostEntry, scoringFlags } from '@malachite/scoring/host-entry';
import { startChild } from '../child-process.ts';

/** The process ended before it answered. */
export class HostGone extends Error {}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

export type HostChannel = {
  /** `<pid> <start time>`. */
  readonly identity: string;
  readonly process: ChildProcess;
  /** Whether it can be asked. */
  isAlive(): boolean;
  /** Before it is asked for anything: what it may have to serve. */
  prepare(deployments: readonly HostedDeployment[]): void;
  /** Says who is told of requests and log lines; nobody before. */
  tell(hear: (told: HostRequests | HostLog) => void): void;
  /** Settles when the process has ended and all it told has been heard: how it ended, in words. */
  readonly ended: Promise<string>;
  /** @throws the host's own error, or HostGone */
  ask(request: Unnumbered<StartHost | UpdateHost>): Promise<HostReady | HostUpdated>;
  /** Lets it finish its requests; it is killed when that takes too long. Settles when it has ended. */
  stop(): Promise<void>;
  kill(): void;
};

/** How long a host may take to finish its requests. */
const stopGraceMs = 5000;

/** @param outputFile takes what the process itself prints, such as the runtime's last words before a crash. */
export function startHost(outputFile: string): HostChannel {
  let hear: (told: HostRequests | HostLog) => void = () => {};
  const waiting = new Map<number, { resolve(answer: HostReady | HostUpdated): void; reject(error: Error): void }>();
  let lastId = 0;
  const child = startChild(hostEntry, { outputFile, execArgv: scoringFlags, extraPipe: true }, (message) => {
    const told = message as FromHost;
    if (told.type === 'requests' || told.type === 'log') {
      hear(told);
      return;
    }
    const asked = waiting.get(told.id);
    waiting.delete(told.id);
    if (told.type === 'failed') asked?.reject(new MalachiteError(told.error.code, told.error.message));
    else asked?.resolve(told);
  });
  const ended = child.ended.then((end) => {
    for (const asked of waiting.values()) asked.reject(new HostGone(`The scoring host ${end}.`));
    waiting.clear();
    return end;
  });
  return {
    identity: child.identity,
    process: child.process,
    isAlive: child.isConnected,
    prepare: (deployments) => child.send({ type: 'prepare', deployments } satisfies ToHost),
    tell(listener) {
      hear = listener;
    },
    ended,
    ask(request) {
      const id = ++lastId;
      const answer = new Promise<HostReady | HostUpdated>((resolve, reject) => waiting.set(id, { resolve, reject }));
      if (!child.isConnected()) waiting.get(id)?.reject(new HostGone('The scoring host has ended.'));
      child.send({ ...request, id } satisfies ToHost);
      return answer;
    },
    async stop() {
      child.send({ type: 'stop' } satisfies ToHost);
      const tooLong = setTimeout(() => child.kill(), stopGraceMs);
      await ended;
      clearTimeout(tooLong);
    },
    kill: child.kill,
  };
}
