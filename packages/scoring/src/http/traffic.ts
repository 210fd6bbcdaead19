/** Which deployment answers a request. */

export interface Weighted {
  readonly name: string;
  /** Percent of the requests that name no deployment. */
  readonly traffic: number;
}

/**
 * Picks by the header `azureml-model-deployment`, else by the traffic split.
 *
 * The split is smooth weighted round-robin (nginx's): of every 100 requests exactly as many as the percentages say, evenly spread, so
 * that a 90/10 split is seen in the first ten requests and not only on average.
 */
export function trafficSplit<D extends Weighted>(deployments: readonly D[]): (named: string | undefined) => D | undefined {
  const turns = deployments.filter(({ traffic }) => traffic > 0).map((deployment) => ({ deployment, current: 0 }));
  const total = turns.reduce((sum, { deployment }) => sum + deployment.traffic, 0);
  return (named) => {
    if (named !== undefined) return deployments.find(({ name }) => name === named);
    let next = turns[0];
    if (next === undefined || turns.length === 1) return next?.deployment;
    for (const turn of turns) {
      turn.current += turn.deployment.traffic;
      if (turn.current > next.current) next = turn;
    }
    next.current -= total;
    return next.deployment;
  };
}

/**
 * Whose turn it is to mirror a request: as evenly spread as the split, so 10 % is every tenth request.
 *
 * @param percents deployment name to percent; Azure mirrors to one deployment at most
 */
export function mirrorTurns<D extends Weighted>(
  deployments: readonly D[],
  percents: Readonly<Record<string, number>>,
): () => D | undefined {
  const mirror = Object.entries(percents).find(([, percent]) => percent > 0);
  const deployment = deployments.find(({ name }) => name === mirror?.[0]);
  if (mirror === undefined || deployment === undefined) return () => undefined;
  let turn = 0;
  return () => {
    turn += mirror[1];
    if (turn < 100) return undefined;
    turn -= 100;
    return deployment;
  };
}
