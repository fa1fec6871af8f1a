import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Changes to files of the checkout, kept in memory until all of them are known to be possible. */
export interface Changes {
  /** A new file. Throws if there is one. */
  create(path: string, text: string): void;
  /** Adds lines above the one line that says `<anchor> above this line`, at its indentation. Throws without such a line. */
  insert(path: string, anchor: string, lines: string): void;
  /** Throws if the text is not there exactly `times` times. */
  replace(path: string, from: string, to: string, times?: number): void;
  /** Adds an import to a file that begins with imports; formatting puts it in its place. */
  addImport(path: string, line: string): void;
  /** Adds to the end of a file. */
  append(path: string, text: string): void;
  /** Writes everything and returns the paths. */
  write(): string[];
}

export function collectChanges(root: string): Changes {
  const texts = new Map<string, string>();
  const read = (path: string): string => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    if (!existsSync(join(root, path))) throw new Error(`There is no ${path}.`);
    return readFileSync(join(root, path), 'utf8');
  };
  const replace: Changes['replace'] = (path, from, to, times = 1) => {
    const parts = read(path).split(from);
    if (parts.length !== times + 1) {
      throw new Error(
        `${path} should have “${from.trim()}” ${times === 1 ? 'once' : `${times} times`}.`,
      );
    }
    texts.set(path, parts.join(to));
  };

  return {
    create(path, text) {
      if (texts.has(path) || existsSync(join(root, path))) throw new Error(`${path} exists.`);
      texts.set(path, text);
    },
    insert(path, anchor, lines) {
      const text = read(path);
      const found = [
        ...text.matchAll(/^([ \t]*)(?:\/\/|#|<!--) (.*) above this line\.(?: -->)?$/gm),
      ];
      const [place, ...others] = found.filter(([, , said]) => said === anchor);
      if (!place || others.length > 0) {
        throw new Error(`${path} should have one line “${anchor} above this line.”`);
      }
      const [, indentation = ''] = place;
      const indented = lines.trimEnd().replace(/^(?=.)/gm, indentation);
      texts.set(path, `${text.slice(0, place.index)}${indented}\n${text.slice(place.index)}`);
    },
    replace,
    addImport(path, line) {
      if (!/^import\b/.test(read(path))) throw new Error(`${path} should begin with its imports.`);
      texts.set(path, `${line}\n${read(path)}`);
    },
    append(path, text) {
      texts.set(path, read(path) + text);
    },
    write() {
      for (const [path, text] of texts) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      return [...texts.keys()];
    },
  };
}
