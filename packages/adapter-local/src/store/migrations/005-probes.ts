/** When instances are unwell, as JSON; and the script, environment and variables that an update is about to put in place. */
export const probes = `
ALTER TABLE deployments ADD COLUMN probes TEXT;
ALTER TABLE deployments ADD COLUMN next_script TEXT;
`;
