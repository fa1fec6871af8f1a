import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What of `package-lock.json` is not installed, in words such as `fastify 5.12.8`; empty if all is. Looks at the packages themselves,
 * in 30 ms: npm's own record of them (`node_modules/.package-lock.json`) is also written by commands that install nothing.
 * A package that is optional may be missing: most of those are for other platforms.
 *
 * @param {string} root the checkout
 * @returns {string[]}
 */
export function missingDependencies(root) {
  return Object.entries(lockedPackages(root))
    .filter(([path, locked]) => path.includes('node_modules/') && !isInstalled(root, path, locked))
    .map(([path, { version }]) =>
      [path.replace(/^.*node_modules\//, ''), version].join(' ').trim(),
    );
}

/**
 * The package that holds Node 26 for this platform. A checkout may be shared by several platforms, as by
 * a Mac and a container, so that what is installed may be for another one.
 *
 * @param {string} root
 */
export function pinnedNode(root) {
  const manifest = readFileSync(join(root, 'packages/node-runtime/package.json'), 'utf8');
  return Object.keys(JSON.parse(manifest).optionalDependencies).find((name) =>
    name.endsWith(`${process.platform}-${process.arch}`),
  );
}

/** @typedef {{ version?: string, optional?: boolean, link?: boolean, resolved?: string }} LockedPackage */

/**
 * @param {string} root
 * @returns {Record<string, LockedPackage>}
 */
function lockedPackages(root) {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
}

/**
 * @param {string} root
 * @param {string} path
 * @param {LockedPackage} locked
 */
function isInstalled(root, path, { version, optional, link, resolved = '' }) {
  try {
    if (link) return realpathSync(join(root, path)) === realpathSync(join(root, resolved));
    const manifest = readFileSync(join(root, path, 'package.json'), 'utf8');
    return JSON.parse(manifest).version === version;
  } catch {
    return optional === true;
  }
}
