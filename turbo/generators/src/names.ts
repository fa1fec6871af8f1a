import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** The forms of a name in kebab-case. */
export function formsOf(name: string): {
  name: string;
  camel: string;
  pascal: string;
  snake: string;
} {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const pascal = camel.charAt(0).toUpperCase() + camel.slice(1);
  return { name, camel, pascal, snake: name.replaceAll('-', '_') };
}

/** Why this can’t be a name, as a sentence; undefined if it can. */
export function faultOfName(name: string): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) || name.length > 30) {
    return `“${name}” is no name: lower-case words of letters and digits, joined by hyphens, 30 characters at most.`;
  }
  try {
    new Script(`'use strict'; async () => { let ${formsOf(name).camel}; };`);
  } catch {
    return `“${name}” is a word of JavaScript.`;
  }
  return undefined;
}

/** The names of all workspaces, without their scope. */
export function workspacesOf(root: string): string[] {
  const folders = ['apps', 'packages', 'infra'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name)),
  );
  const manifests = [...folders, join(root, 'turbo/generators')].flatMap((folder) => {
    try {
      return [JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))];
    } catch {
      return [];
    }
  });
  return manifests.map(({ name }: { name: string }) => name.replace(/^.*\//, ''));
}
