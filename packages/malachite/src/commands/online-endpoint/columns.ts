/** What a table of endpoints shows. */
export const endpointColumns = ['name', 'auth_mode', 'traffic', 'provisioning_state', 'scoring_uri'];
