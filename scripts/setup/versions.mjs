import { SetupError } from './failure.mjs';

const NODE = { major: 20, minor: 19 };

/** @param {string} [version] */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NODE.major || (major === NODE.major && minor >= NODE.minor)) return;
  throw new SetupError(`DataMorph needs Node ${NODE.major}.${NODE.minor} or newer, and this is ${version}.`);
}
