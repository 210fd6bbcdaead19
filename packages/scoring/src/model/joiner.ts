/** Joins requests that wait at the same moment into one run of the model; a lone request waits for nobody. */
import type { Batch, Rows } from './batch.ts';
import type { ScoringModel } from './load-model.ts';
import { type Prediction, slicePrediction } from './prediction.ts';

/** What of a model it takes to score the rows of several callers. */
export type RowScorer = Pick<ScoringModel, 'batch' | 'run' | 'runTogether'>;

export interface Scored {
  readonly prediction: Prediction;
  /** Milliseconds that the run took, shared by all that joined it. */
  readonly runMs: number;
}

interface Waiting {
  readonly from: number;
  readonly to: number;
  readonly resolve: (scored: Scored) => void;
  readonly reject: (error: unknown) => void;
}

/** A run that is this long is started at once: joining more would only make the first wait. */
const FULL = 1024;

/** Batches larger than this are not kept: one huge request must not hold its memory for ever. */
const KEPT_ROWS = 16 * FULL;

/**
 * Requests whose bytes arrived in the same turn of the event loop are decoded into one batch, and run when the turn ends.
 * While a run is under way, the next batch fills. That is what makes throughput: the runtime's cost a run is many times its cost
 * a row.
 */
export class Joiner {
  private readonly model: RowScorer;
  private open: { batch: Batch; waiting: Waiting[] } | undefined;
  private readonly spare: Batch[] = [];

  constructor(model: RowScorer) {
    this.model = model;
  }

  /** @throws InvalidInput at once for rows that do not fit; rejects for rows that the graph refuses. */
  score(rows: Rows): Promise<Scored> {
    const turn = this.open ?? this.openTurn();
    const from = turn.batch.rows;
    turn.batch.append(rows);
    return new Promise((resolve, reject) => {
      turn.waiting.push({ from, to: turn.batch.rows, resolve, reject });
      if (this.open === turn && (turn.batch.rows >= FULL || !turn.batch.joins)) this.open = undefined;
    });
  }

  private openTurn(): { batch: Batch; waiting: Waiting[] } {
    const turn = { batch: this.spare.pop() ?? this.model.batch(), waiting: [] };
    this.open = turn;
    setImmediate(() => {
      if (this.open === turn) this.open = undefined;
      void this.run(turn.batch, turn.waiting);
    });
    return turn;
  }

  private async run(batch: Batch, waiting: readonly Waiting[]): Promise<void> {
    if (waiting.length > 0) await this.answer(batch, waiting);
    if (batch.rows <= KEPT_ROWS) this.spare.push(batch);
    batch.clear();
  }

  private async answer(batch: Batch, waiting: readonly Waiting[]): Promise<void> {
    const [first, ...others] = waiting as [Waiting, ...Waiting[]];
    if (others.length === 0) return await this.answerAlone(batch, first);
    const started = performance.now();
    // A row that the graph refuses fails the whole run: only the request that brought it may fail.
    const prediction = await this.model.runTogether(batch).catch(() => undefined);
    const runMs = performance.now() - started;
    for (const each of waiting) {
      if (prediction === undefined) await this.answerAlone(batch, each);
      else each.resolve({ prediction: slicePrediction(prediction, each.from, each.to), runMs });
    }
  }

  private async answerAlone(batch: Batch, { from, to, resolve, reject }: Waiting): Promise<void> {
    const started = performance.now();
    try {
      const prediction = await this.model.run(batch, from, to);
      resolve({ prediction, runMs: performance.now() - started });
    } catch (error) {
      reject(error);
    }
  }
}
