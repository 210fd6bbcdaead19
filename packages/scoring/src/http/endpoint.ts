/** What answers: deployments with their share of the traffic, and the keys that open them. Replaced as a whole, in one turn. */
import { MalachiteError } from '@malachite/core/errors';
import { answeringModel } from '../answering-model.ts';
import type { Answerer } from '../call.ts';
import { short } from '../model/columns.ts';
import type { ScoringModel } from '../model/load-model.ts';
import { mostInFlight, type RequestSettings } from './gateway.ts';
import { type Denial, denialOf, type Keys, keyCheck } from './keys.ts';
import type { TokenSecret } from './tokens.ts';
import { mirrorTurns, trafficSplit } from './traffic.ts';

export interface ServedDeployment extends RequestSettings {
  readonly name: string;
  /** A model to be run in this process, or what answers for it. */
  readonly model: ScoringModel | Answerer;
  /** Percent of the requests that name no deployment. */
  readonly traffic: number;
  /** Puts body and answer into the rows of its requests. */
  readonly collectModelData?: boolean;
}

/** What may be changed while the server runs. */
export interface EndpointState {
  readonly deployments: readonly ServedDeployment[];
  /** Null: no key is asked for. */
  readonly keys: Keys | TokenSecret | null;
  /** Deployment name to percent: its share of the requests that name no deployment is answered by it too, for nobody to see. */
  readonly mirrorTraffic?: Readonly<Record<string, number>>;
}

/** A deployment and the requests that are with it. */
export interface Served extends ServedDeployment {
  readonly answerer: Answerer;
  inFlight: number;
  drained: (() => void) | undefined;
}

export class Endpoint {
  private served: readonly Served[] = [];
  private pick: (named: string | undefined) => Served | undefined = () => undefined;
  private pickMirror: () => Served | undefined = () => undefined;
  /** Whether an `Authorization` header opens the endpoint. */
  isAllowed: (authorization: string | undefined) => boolean = () => false;
  /** Why one does not. */
  denial: (authorization: string | undefined) => Denial = () => denialOf(null, undefined);
  /** Whether no key is asked for. */
  isOpen = false;
  /** Whether a deployment reads requests itself. */
  hasOwnHttp = false;

  constructor(state: EndpointState) {
    void this.update(state);
  }

  /** Takes effect at once. @returns when the last request has left the deployments that were replaced */
  async update({ deployments, keys, mirrorTraffic = {} }: EndpointState): Promise<void> {
    const before = this.served;
    this.served = deployments.map((deployment) => serve(deployment, before));
    this.pick = trafficSplit(this.served);
    this.pickMirror = mirrorTurns(this.served, mirrorTraffic);
    this.isAllowed = keyCheck(keys);
    this.denial = (authorization) => denialOf(keys, authorization);
    this.isOpen = keys === null;
    this.hasOwnHttp = this.served.some(({ answerer }) => answerer.ownHttp !== undefined);
    await Promise.all(before.filter((old) => !this.served.includes(old)).map(drain));
  }

  /** Who answers a request: the deployment it names, else the one whose turn it is. @throws NotFound */
  choose(named: string | undefined): Served {
    const chosen = this.pick(named);
    if (chosen === undefined) throw noDeployment(named);
    return chosen;
  }

  /** Counts a request in; `leave` counts it out. @throws TooManyRequests when the deployment has as many as it takes */
  enter(deployment: Served): void {
    const most = mostInFlight(deployment);
    if (deployment.inFlight >= most) throw tooMany(deployment.name, most);
    deployment.inFlight++;
  }

  /** The deployment whose turn it is to mirror a request, counted in; undefined when it is nobody's, or it is busy enough. */
  enterMirror(): Served | undefined {
    const mirror = this.pickMirror();
    if (mirror === undefined || mirror.inFlight >= mostInFlight(mirror)) return undefined;
    mirror.inFlight++;
    return mirror;
  }

  find(name: string): Served | undefined {
    return this.served.find((deployment) => deployment.name === name);
  }

  all(): readonly Served[] {
    return this.served;
  }

  /** Whether a request that names no deployment finds one. */
  isReady(): boolean {
    return this.served.some(({ traffic }) => traffic > 0);
  }

  leave(deployment: Served): void {
    deployment.inFlight--;
    if (deployment.inFlight === 0) deployment.drained?.();
  }

  /** The deployment that describes the endpoint: the one with most traffic. @throws NotFound when there is none */
  described(): Served {
    const [most] = [...this.served].sort((a, b) => b.traffic - a.traffic);
    if (most === undefined) throw noDeployment(undefined);
    return most;
  }
}

/** All of a deployment that an update may change. */
const settings = [
  'name',
  'model',
  'traffic',
  'collectModelData',
  'requestTimeoutMs',
  'maxConcurrentRequestsPerInstance',
  'instanceCount',
] as const satisfies (keyof ServedDeployment)[];

/** A deployment that stays as it is keeps its requests; one whose model stays keeps what answers for it, its queue of requests included. */
function serve(deployment: ServedDeployment, before: readonly Served[]): Served {
  const sameModel = before.find(({ model }) => model === deployment.model);
  const same = before.find((old) => settings.every((name) => old[name] === deployment[name]));
  const answerer = sameModel?.answerer ?? answererOf(deployment.model);
  return same ?? { ...deployment, answerer, inFlight: 0, drained: undefined };
}

function answererOf(model: ScoringModel | Answerer): Answerer {
  return 'answer' in model ? model : answeringModel(model);
}

function drain(deployment: Served): Promise<void> {
  return new Promise((resolve) => {
    if (deployment.inFlight === 0) resolve();
    else deployment.drained = resolve;
  });
}

function tooMany(name: string, most: number): MalachiteError {
  return new MalachiteError(
    'TooManyRequests',
    `Deployment "${name}" has ${most} requests in flight, 2 x max_concurrent_requests_per_instance x instance_count; try again later.`,
  );
}

function noDeployment(named: string | undefined): MalachiteError {
  return new MalachiteError(
    'NotFound',
    named === undefined
      ? 'The endpoint has no deployment with traffic. Give one some, or name one in the header azureml-model-deployment.'
      : `The endpoint has no deployment "${short(named)}".`,
  );
}
