import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RenameError } from './rename-error.ts';

/** What a tree is called. */
export interface Identity {
  /** In identifiers: npm scope, metrics, database, roles, channels, cookies, images, namespaces. */
  name: string;
  /** In sentences and headings. */
  title: string;
}

/** What the checkout at `root` is called now: `name` of its package.json, and the heading of its README. */
export function readIdentity(root: string): Identity {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name?: string;
  };
  const title = /^# (.+)$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1]?.trim();
  if (name && title) return { name, title };
  throw new RenameError(
    "The present name is read from package.json's `name` and README.md's first heading: put back what is missing.",
  );
}
