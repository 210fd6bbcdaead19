/** What a table of models shows. */
export const modelColumns = ['name', 'version', 'type', 'signature.task', 'trial_name', 'parity.max_difference', 'created_at'];
