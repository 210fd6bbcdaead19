/** Where the service keeps what a job and its trials make. */

/** The model of a trial, with its environment. */
export const trialModelFolder = 'outputs/mlflow-model';
export const guardrailsPath = 'outputs/verifier_results.json';

/** The runs that look at the data of a job: its guardrails lie with one of them. */
export const lookersOf = (id: string): readonly string[] => [`${id}_featurize`, `${id}_setup`];
