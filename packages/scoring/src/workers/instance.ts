/** One instance, seen from the endpoint: a process that has the model, and the calls that are with it. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MalachiteError } from '@malachite/core/errors';
import type { Answer, ScoringCall } from '../call.ts';
import { scoringFlags } from '../host-entry.ts';
import { processEnd } from '../process-end.ts';
import type { FromInstance, InstanceReady, ModelSource, NumberedCall, ToInstance } from './messages.ts';
import { outbox } from './outbox.ts';
import { LONGEST_LOAD_MS } from './probe.ts';

const entry = fileURLToPath(new URL('./run-instance.ts', import.meta.url));

export interface Instance {
  readonly pid: number | undefined;
  isAlive(): boolean;
  /** Once, before anything is asked of it. One that takes minutes is ended. */
  load(model: ModelSource): void;
  /** Calls that are with it. */
  readonly busy: number;
  /** Rejects with what the model's file has wrong, or `Failed` when that ends the process. */
  readonly ready: Promise<InstanceReady>;
  /** Settles when the process has ended: how, in words. */
  readonly ended: Promise<string>;
  /** @throws Unavailable when the process ends before it answers */
  answer(call: ScoringCall): Promise<Answer>;
  /** Settles when the process shows that it is not stuck. */
  probe(): Promise<void>;
  /** Ends it at once; its calls fail with the reason. */
  kill(reason: string): void;
  /** Ends it once the calls that are with it are answered. */
  retire(): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: MalachiteError): void;
}

/** A process without a model yet. */
export function startInstance(): Instance {
  const child = fork(entry, [], { serialization: 'advanced', execArgv: [...scoringFlags] });
  const ready = Promise.withResolvers<InstanceReady>();
  const calls = new Map<number, Waiting>();
  let lastId = 0;
  let isRetired = false;
  let probed = Promise.withResolvers<void>();
  let killed: string | undefined;
  ready.promise.catch(() => {});

  const ended = processEnd(child).then((end) => {
    const how = killed ?? end;
    const error = new MalachiteError('Unavailable', `The process that had the request ${how}; send it again.`);
    for (const { reject } of calls.values()) reject(error);
    calls.clear();
    ready.reject(new MalachiteError('Failed', `The process that loaded the model ${how}: ONNX Runtime cannot run it.`));
    return how;
  });
  child.on('message', (message: FromInstance) => {
    if (message.type === 'alive') return probed.resolve();
    if (message.type === 'ready') return ready.resolve(message);
    if (message.type === 'failed') return ready.reject(new MalachiteError(message.error.code, message.error.message));
    for (const answered of message.answers) {
      const waiting = calls.get(answered.id);
      calls.delete(answered.id);
      if ('answer' in answered) waiting?.resolve(answered.answer);
      else waiting?.reject(new MalachiteError(answered.error.code, answered.error.message));
    }
    if (isRetired && calls.size === 0) child.kill('SIGKILL');
  });
  const send = (message: ToInstance): void => void (child.connected && child.send(message, () => {}));
  const kill = (reason: string): void => {
    killed = reason;
    child.kill('SIGKILL');
  };
  const tell = outbox<NumberedCall>((calls) => send({ type: 'calls', calls }));

  return {
    pid: child.pid,
    isAlive: () => child.connected,
    load(model) {
      send({ type: 'load', model });
      const late = setTimeout(() => kill(`took longer than ${LONGEST_LOAD_MS / 1000} s`), LONGEST_LOAD_MS).unref();
      const inTime = (): void => clearTimeout(late);
      ready.promise.then(inTime, inTime);
    },
    get busy() {
      return calls.size;
    },
    ready: ready.promise,
    ended,
    answer(call) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject });
        tell({ id, call });
      });
    },
    probe() {
      probed = Promise.withResolvers();
      send({ type: 'probe' });
      return probed.promise;
    },
    kill,
    retire() {
      isRetired = true;
      if (calls.size === 0) child.kill('SIGKILL');
    },
  };
}
