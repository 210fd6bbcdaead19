/** What a table of published pipelines shows. */
export const pipelineColumns = ['id', 'name', 'status', 'created_at', 'endpoint'];

/** What a table of pipeline runs shows. */
export const runColumns = ['id', 'experiment_name', 'status', 'run_source', 'created_at', 'end_time'];
