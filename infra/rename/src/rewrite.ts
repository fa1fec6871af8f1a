import type { Identity } from './identity.ts';

/** A random hash may hold any name. */
const HASH = 'sha512-[A-Za-z0-9+/=]+';

/**
 * The text with another identity. The name becomes the name, in capitals too; with a capital it becomes the name with a capital where it
 * is part of a word (as before `Bot`), and the title where it stands alone. The title becomes the title.
 */
export function rewrite(text: string, from: Identity, to: Identity): string {
  const capital = capitalised(from.name);
  const forms = [from.title, from.name.toUpperCase(), capital, from.name].map((form) =>
    RegExp.escape(form),
  );
  return text.replace(
    new RegExp(`${HASH}|${forms.join('|')}`, 'g'),
    (found: string, offset: number) => {
      if (found === from.name) return to.name;
      if (found === from.name.toUpperCase()) return to.name.toUpperCase();
      if (found !== from.title && found !== capital) return found;
      return isWithinWord(text, offset, found) ? capitalised(to.name) : to.title;
    },
  );
}

/** Where the name is left in a text, in whatever case. */
export function traces(text: string, name: string): string[] {
  const pattern = new RegExp(RegExp.escape(name), 'i');
  return text
    .replace(new RegExp(HASH, 'g'), '')
    .split('\n')
    .filter((line) => pattern.test(line));
}

function isWithinWord(text: string, offset: number, found: string): boolean {
  const after = text[offset + found.length] ?? '';
  // The n of an escaped line break belongs to no word.
  return /(?:^|[^\\])\w$/.test(text.slice(Math.max(0, offset - 2), offset)) || /\w/.test(after);
}

function capitalised(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
