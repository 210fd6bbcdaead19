/** What a table of schedules shows. */
export const scheduleColumns = ['name', 'pipeline_id', 'trigger.dataset_name', 'is_enabled', 'last_version', 'last_run_id'];
