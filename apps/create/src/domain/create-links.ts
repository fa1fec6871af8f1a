import type { CreateLinkBody } from '@shortstack/contracts';
import { AppError, type FieldError } from '@shortstack/errors';
import { slugTaken } from './create-link.ts';
import type { IdempotentRequest, KeptAnswer } from './idempotency.ts';
import type { StoredLink } from './link.ts';
import { draftLink, draftOpenLink, type LinkDraft, type LinkRuleContext } from './link-draft.ts';
import type { LinkCreationPorts, TransactionWriter } from './link-writer.ts';
import { validationFailed } from './validation-failed.ts';

/** Hashing one takes some 30 ms of a core: a thousand would keep everyone else's sign-in waiting. */
const maxPasswords = 20;
const codeRounds = 5;

/** Checks one row against the schema of a link. */
export type RowCheck = (
  row: unknown,
) => { value: CreateLinkBody; errors?: never } | { value?: never; errors: FieldError[] };

type RowError = { error: { code: string; detail: string; errors?: FieldError[] } };
type Row = LinkDraft | RowError;
type Result = StoredLink | RowError;

/**
 * Creates many links in one transaction with one event. Rows are judged one by one and answered in order, each with its
 * link or its error. Of two rows with the same slug the first gets it.
 *
 * @throws what the ports throw: then nothing was created.
 */
export async function createLinks(
  ports: LinkCreationPorts,
  accountId: string,
  rows: unknown[],
  context: LinkRuleContext & { checkRow: RowCheck; present: (link: StoredLink) => unknown },
  repeatable: IdempotentRequest | null,
): Promise<KeptAnswer> {
  const drafts = await draftRows(rows, context);
  let created: StoredLink[] = [];
  // Before the transaction: to wait for codes while holding a connection could use up the pool.
  const codes = await ports.takeCodes(drafts.filter(needsCode).length);

  const create = async (writer: TransactionWriter): Promise<KeptAnswer> => {
    const results = await insertRows(writer, ports, codes, accountId, drafts);
    created = results.filter(isLink);
    if (created.length > 0) await writer.recordCreated(accountId, created);
    const answers = results.map((r) => (isLink(r) ? { link: context.present(r) } : r));
    return { status: 200, body: { results: answers } };
  };
  const answer = await (repeatable ? ports.once(repeatable, create) : ports.inTransaction(create));
  if (created.length > 0) await ports.announce(created);
  return answer;
}

async function draftRows(
  rows: unknown[],
  context: LinkRuleContext & { checkRow: RowCheck },
): Promise<Row[]> {
  const drafts: Row[] = [];
  const slugs = new Set<string>();
  let passwords = 0;
  const hashPassword = (password: string) => {
    passwords += 1;
    if (passwords <= maxPasswords) return context.hashPassword(password);
    const message = `is allowed for ${maxPasswords} links of one request at most`;
    throw validationFailed([{ path: '/password', message }]);
  };
  for (const row of rows) {
    try {
      const { value, errors } = context.checkRow(row);
      if (errors) throw validationFailed(errors);
      // Waits for a password only: a thousand times even nothing takes long.
      const draft = value.password
        ? await draftLink(value, { ...context, hashPassword })
        : draftOpenLink(value, context);
      if (draft.slug !== null && slugs.has(draft.slug)) throw slugTaken(draft.slug);
      if (draft.slug !== null) slugs.add(draft.slug);
      drafts.push(draft);
    } catch (error) {
      drafts.push(rowErrorOf(error));
    }
  }
  return drafts;
}

/** Inserts what has no error yet. A generated code that turns out to be taken is replaced by the next one. */
async function insertRows(
  writer: TransactionWriter,
  ports: LinkCreationPorts,
  codes: string[],
  accountId: string,
  rows: Row[],
): Promise<Result[]> {
  const results: (Result | undefined)[] = rows.map((row) => ('error' in row ? row : undefined));
  for (let round = 0; round < codeRounds; round++) {
    const open = rows.flatMap((row, i) => ('error' in row || results[i] ? [] : [{ row, i }]));
    if (open.length === 0) break;
    if (round > 0) codes.push(...(await ports.takeCodes(open.length)));
    const drafts = open.map(({ row }) => ({ ...row, slug: row.slug ?? String(codes.pop()) }));
    const inserted = await writer.insertMany(accountId, drafts);
    open.forEach(({ row, i }, n) => {
      const link = inserted.get(drafts[n]?.slug ?? '');
      if (link) results[i] = link;
      else if (row.slug !== null) results[i] = toRowError(slugTaken(row.slug));
    });
  }
  return results.map((result) => result ?? toRowError(noFreeCode()));
}

function needsCode(row: Row): boolean {
  return !('error' in row) && row.slug === null;
}

function noFreeCode(): AppError {
  return new AppError('conflict', 'NO_FREE_CODE', 'No free code was found. Try again.');
}

function isLink(result: Result): result is StoredLink {
  return !('error' in result);
}

const kindsOfRows = new Set(['invalid', 'unprocessable', 'conflict']);

/** What is wrong with one row alone becomes its error; everything else fails the request. */
function rowErrorOf(error: unknown): RowError {
  if (error instanceof AppError && kindsOfRows.has(error.kind)) return toRowError(error);
  throw error;
}

function toRowError({ code, message, fields }: AppError): RowError {
  return { error: { code, detail: message, ...(fields && { errors: fields }) } };
}
