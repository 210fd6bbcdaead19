/** What a table of jobs shows. */
export const jobColumns = ['name', 'type', 'display_name', 'experiment_name', 'compute', 'status', 'created_at'];
