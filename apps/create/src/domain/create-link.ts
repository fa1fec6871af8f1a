import { AppError, unavailable } from '@shortstack/errors';
import type { IdempotentRequest, KeptAnswer } from './idempotency.ts';
import type { StoredLink } from './link.ts';
import type { LinkDraft } from './link-draft.ts';
import type { LinkCreationPorts, LinkWriter } from './link-writer.ts';

/** Each generated code that a custom slug took meanwhile costs one try; two in a row are next to impossible. */
const codeAttempts = 10;

/**
 * Creates a link and answers with 201 and `present(link)`. Nothing after the transaction can fail the request.
 *
 * @throws AppError `conflict` / `SLUG_TAKEN`; what the ports throw.
 */
export async function createLink(
  ports: LinkCreationPorts,
  accountId: string,
  draft: LinkDraft,
  repeatable: IdempotentRequest | null,
  present: (link: StoredLink) => unknown,
): Promise<KeptAnswer> {
  let created: StoredLink | undefined;
  // Before the transaction: to wait for codes while holding a connection could use up the pool.
  const codes = draft.slug === null ? await ports.takeCodes(1) : [];
  const create = async (writer: LinkWriter): Promise<KeptAnswer> => {
    created = await insert(writer, ports, codes, accountId, draft);
    return { status: 201, body: present(created) };
  };
  const answer = await (repeatable ? ports.once(repeatable, create) : create(ports.writer));
  if (created) await ports.announce([created]);
  return answer;
}

async function insert(
  writer: LinkWriter,
  ports: LinkCreationPorts,
  codes: string[],
  accountId: string,
  draft: LinkDraft,
): Promise<StoredLink> {
  if (draft.slug !== null) {
    const link = await writer.insertOne(accountId, { ...draft, slug: draft.slug });
    if (link) return link;
    throw slugTaken(draft.slug);
  }
  for (let attempt = 0; attempt < codeAttempts; attempt++) {
    const slug = codes.pop() ?? (await ports.takeCodes(1)).pop();
    const link = slug && (await writer.insertCoded(accountId, { ...draft, slug }));
    if (link) return link;
  }
  throw unavailable('NO_FREE_CODE', 'No free code was found. Try again.');
}

export function slugTaken(slug: string): AppError {
  return new AppError('conflict', 'SLUG_TAKEN', `The slug "${slug}" is taken. Choose another one.`);
}
