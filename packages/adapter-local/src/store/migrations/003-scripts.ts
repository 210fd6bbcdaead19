/**
 * Deployments may be answered by a script: `script` holds, as JSON, the code configuration, the environment and its
 * variables as they were given.
 */
export const scripts = `
ALTER TABLE deployments ADD COLUMN script TEXT;
`;
