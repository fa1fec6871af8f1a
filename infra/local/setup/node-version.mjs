/**
 * Why the Node that runs this can't set the stack up, in one sentence with the remedy; undefined if it can.
 *
 * @param {string} [version] such as `20.19.0`; its own unless given
 */
export function nodeIsTooOld(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `Node 20.19 or newer is needed to set Shortstack up, and this is v${version}: install it from https://nodejs.org and try again.`;
}
