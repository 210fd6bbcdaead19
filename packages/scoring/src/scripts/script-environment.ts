/** The environment of a script's process: this one's, without what is ours. */

/** Node's channel to its own children, which a script must not take for its own. */
const ofNode = new Set(['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID']);

/** @param added wins over what is there. Our own variables are left out: one of them may be the endpoint's key. */
export function scriptEnvironment(added: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MALACHITE_') && !ofNode.has(name));
  return { ...Object.fromEntries(kept), PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8:backslashreplace', ...added };
}
