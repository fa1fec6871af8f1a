import { type Node, parse } from 'libpg-query';
import { type Made, type Refusal, refusalsOf } from './refusals.ts';

const breakpoint = '--> statement-breakpoint';
/** Marks stand in lines of their own before their statement. */
const contractMark = /^-- contract since (\d{4}|v\d\S*): \S.*$/m;
const safeMark = /^-- safe: \S.*$/m;

/**
 * What is wrong with a migration, in sentences that say what to do; nothing if it only expands, or says why it may do more. It is
 * read by PostgreSQL's own parser.
 *
 * @param name such as `0007_traces`.
 */
export async function checkMigration(name: string, text: string): Promise<string[]> {
  const made: Made = { names: new Set(), grants: new Set() };
  const faults: string[] = [];
  for (const part of text.split(breakpoint)) {
    const { stmts = [] } = await parse(part);
    for (const { stmt } of stmts) {
      if (!stmt) continue;
      for (const refusal of refusalsOf(stmt, made)) {
        const missing = whatIsMissing(refusal, name, part);
        if (missing) faults.push(`${name}: ${firstWords(part)}: ${refusal.because}. ${missing}`);
      }
    }
  }
  return faults;
}

function whatIsMissing({ kind }: Refusal, name: string, part: string): string | undefined {
  if (kind === 'never') return 'It can’t be in a migration.';
  if (kind === 'safe') {
    if (safeMark.test(part)) return undefined;
    return 'If it is harmless all the same, say why in a line before it: `-- safe: <why>`';
  }
  const since = contractMark.exec(part)?.[1];
  if (since === undefined) {
    return 'Do it a version later than the code that stops using it, and say so in a line before it: `-- contract since <tag of that version, or number of its last migration>: <why nothing uses it any more>`';
  }
  if (!since.startsWith('v') && since >= name.slice(0, 4)) {
    return `Nothing can have stopped using it since ${since}, which is not older than this migration.`;
  }
  return undefined;
}

/** All statements of a migration without what does nothing, such as comments, to be compared. */
export async function statementsOf(text: string): Promise<Node[]> {
  const { stmts = [] } = await parse(text);
  const plain = JSON.stringify(
    stmts.map(({ stmt }) => stmt),
    (key, value) => (key === 'location' ? undefined : value),
  );
  return JSON.parse(plain);
}

function firstWords(part: string): string {
  const lines = part.split('\n').filter((line) => !line.startsWith('--'));
  const words = lines.join(' ').trim().replace(/;$/, '').split(/\s+/);
  return words.slice(0, 6).join(' ') + (words.length > 6 ? ' …' : '');
}
