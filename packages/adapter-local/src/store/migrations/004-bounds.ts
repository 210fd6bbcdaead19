/** How much a deployment takes: its instances, and, as JSON, its request settings; and the mirror traffic of endpoints. */
export const bounds = `
ALTER TABLE deployments ADD COLUMN instance_count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE deployments ADD COLUMN request_settings TEXT;
ALTER TABLE endpoints ADD COLUMN mirror_traffic TEXT NOT NULL DEFAULT '{}';
`;
