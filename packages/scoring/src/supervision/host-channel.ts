/** One scoring host process and its messages: what is asked gets its answer, what it tells is passed on. */
import { type ChildProcess, fork } from 'node:child_process';
import { MalachiteError } from '@malachite/core/errors';
import { hostEntry, scoringFlags } from '../host-entry.ts';
import type { FromHost, HostLog, HostReady, HostRequests, HostUpdated, StartHost, ToHost } from '../host-messages.ts';
import { processEnd } from '../process-end.ts';

/** The process ended before it answered. */
export class HostGone extends Error {}

type Unnumbered<T> = T extends unknown ? Omit<T, 'type' | 'id'> : never;
/** What a host is started with; an update takes of it what may change. */
export type HostState = Unnumbered<StartHost>;

export interface HostProcessOptions {
  /** A file descriptor: takes what the process itself prints, such as the runtime's last words before a crash. */
  readonly output: number;
  /** `advanced` carries models' bytes; `json`, which costs less a message. */
  readonly serialization?: 'json' | 'advanced';
}

export interface HostChannel {
  readonly process: ChildProcess;
  /** Whether it can be asked. */
  isAlive(): boolean;
  /** Before it is asked for anything: whether it will have models in processes of their own. */
  prepare(instances: boolean): void;
  /** Says who is told of requests and log lines; nobody before. */
  tell(hear: (told: HostRequests | HostLog) => void): void;
  /** Settles when the process has ended and all it told has been heard: how it ended, in words. */
  readonly ended: Promise<string>;
  /** @throws the host's own error, or HostGone */
  start(state: HostState): Promise<void>;
  /** @throws the host's own error, or HostGone */
  update(state: HostState): Promise<void>;
  /** Settles when the process shows that it is not stuck. */
  probe(): Promise<void>;
  /** Lets it finish its requests; it is killed when that takes too long. Settles when it has ended. */
  stop(): Promise<void>;
  /** Ends it at once. @param reason how it ended, if that is not said by the signal */
  kill(reason?: string): void;
}

/** How long a host may take to finish its requests. */
const STOP_GRACE_MS = 5000;

export function startHost({ output, serialization = 'json' }: HostProcessOptions): HostChannel {
  let hear: (told: HostRequests | HostLog) => void = () => {};
  let probed = Promise.withResolvers<void>();
  let killed: string | undefined;
  const waiting = new Map<number, { resolve(answer: HostReady | HostUpdated): void; reject(error: Error): void }>();
  let lastId = 0;
  const child = fork(hostEntry, [], {
    serialization,
    execArgv: [...scoringFlags],
    stdio: ['ignore', output, output, 'ipc', 'pipe'],
  });
  child.on('message', (told: FromHost) => {
    if (told.type === 'requests' || told.type === 'log') return hear(told);
    if (told.type === 'alive') return probed.resolve();
    const asked = waiting.get(told.id);
    waiting.delete(told.id);
    if (told.type === 'failed') asked?.reject(new MalachiteError(told.error.code, told.error.message));
    else asked?.resolve(told);
  });
  const ended = processEnd(child).then((how) => {
    const end = killed ?? how;
    for (const asked of waiting.values()) asked.reject(new HostGone(`The scoring host ${end}.`));
    waiting.clear();
    return end;
  });
  const send = (message: ToHost): void => void (child.connected && child.send(message, () => {}));
  const ask = async (type: 'start' | 'update', state: HostState): Promise<void> => {
    const id = ++lastId;
    const answer = new Promise<HostReady | HostUpdated>((resolve, reject) => waiting.set(id, { resolve, reject }));
    if (!child.connected) waiting.get(id)?.reject(new HostGone('The scoring host has ended.'));
    send({ ...state, type, id });
    await answer;
  };
  return {
    process: child,
    isAlive: () => child.connected,
    prepare: (instances) => send({ type: 'prepare', instances }),
    tell(listener) {
      hear = listener;
    },
    ended,
    start: (state) => ask('start', state),
    update: (state) => ask('update', state),
    probe() {
      probed = Promise.withResolvers();
      send({ type: 'probe' });
      return probed.promise;
    },
    async stop() {
      send({ type: 'stop' });
      const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(tooLong);
    },
    kill(reason) {
      killed ??= reason;
      child.kill('SIGKILL');
    },
  };
}
