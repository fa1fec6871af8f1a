import type { CreateLinkBody, LinkRule, UpdateLinkBody } from '@shortstack/contracts';
import { AppError } from '@shortstack/errors';
import { assertUsableSlug } from '@shortstack/slugs';
import { parseFutureInstant, parseInstant } from './instant.ts';
import { parseTargetUrl } from './target-url.ts';
import { validationFailed } from './validation-failed.ts';

/** A link as it will be stored, except for what the database decides. */
export interface LinkDraft {
  /** Null: a generated code. */
  slug: string | null;
  url: string;
  title: string | null;
  tags: string[];
  status: number;
  visibility: 'public' | 'private';
  passwordHash: string | null;
  expiresAt: Date | null;
  maxClicks: number | null;
  rules: LinkRule[];
  forwardQuery: boolean;
}

/** A draft whose slug is decided. */
export type SluggedDraft = LinkDraft & { slug: string };

/** What of a link is to change; absent means "leave it". */
export type LinkChanges = Partial<Omit<LinkDraft, 'slug'>>;

export interface LinkRuleContext {
  shortOrigin: string;
  now: Date;
  hashPassword(password: string): Promise<string>;
}

/**
 * Applies the rules that a schema can't express to a new link and fills in the defaults.
 *
 * @throws AppError `VALIDATION_FAILED`, `URL_NOT_ALLOWED`, `SLUG_RESERVED`, and what `hashPassword` throws.
 */
export async function draftLink(
  body: CreateLinkBody,
  context: LinkRuleContext,
): Promise<LinkDraft> {
  const draft = draftOpenLink(body, context);
  const { password } = body;
  // Last, because it is the one expensive step: a body that is wrong elsewhere never gets here.
  return password ? { ...draft, passwordHash: await context.hashPassword(password) } : draft;
}

/** As `draftLink`, as if it had no password: at once. */
export function draftOpenLink(
  { slug, url, ...rest }: CreateLinkBody,
  context: LinkRuleContext,
): LinkDraft {
  if (slug !== undefined) assertUsableSlug(slug);
  return {
    slug: slug ?? null,
    url: parseTargetUrl(url, context.shortOrigin),
    title: null,
    tags: [],
    status: 302,
    visibility: 'public',
    passwordHash: null,
    expiresAt: null,
    maxClicks: null,
    rules: [],
    forwardQuery: false,
    ...checkOpenChanges(rest, context),
  };
}

/** The same rules for a change: only what the body names. */
export async function checkChanges(
  body: UpdateLinkBody,
  context: LinkRuleContext,
): Promise<LinkChanges> {
  const changes = checkOpenChanges(body, context);
  const { password } = body;
  if (password === null) changes.passwordHash = null;
  else if (password !== undefined) changes.passwordHash = await context.hashPassword(password);
  return changes;
}

function checkOpenChanges(body: UpdateLinkBody, context: LinkRuleContext): LinkChanges {
  const { url, title, tags, status, visibility, expiresAt, maxClicks, rules, forwardQuery } = body;
  const changes: LinkChanges = {};
  if (url !== undefined) changes.url = parseTargetUrl(url, context.shortOrigin);
  if (title !== undefined) changes.title = title?.trim() || null;
  if (tags !== undefined) changes.tags = trimTags(tags);
  if (status !== undefined) changes.status = status;
  if (visibility !== undefined) changes.visibility = visibility;
  if (maxClicks !== undefined) changes.maxClicks = maxClicks;
  if (rules !== undefined) changes.rules = checkRules(rules, context.shortOrigin);
  if (forwardQuery !== undefined) changes.forwardQuery = forwardQuery;
  if (expiresAt === null) changes.expiresAt = null;
  else if (expiresAt !== undefined) {
    changes.expiresAt = parseFutureInstant(expiresAt, '/expiresAt', context.now);
  }
  return changes;
}

function trimTags(tags: string[]): string[] {
  const trimmed = tags.map((tag) => tag.trim());
  const empty = trimmed.indexOf('');
  if (empty !== -1)
    throw validationFailed([{ path: `/tags/${empty}`, message: 'must not be blank' }]);
  return [...new Set(trimmed)];
}

function checkRules(rules: LinkRule[], shortOrigin: string): LinkRule[] {
  return rules.map((rule, r) => {
    for (const bound of ['from', 'until'] as const) {
      const text = rule.when?.[bound];
      if (text !== undefined) parseInstant(text, `/rules/${r}/when/${bound}`);
    }
    const targets = rule.targets.map((target, t) => ({
      ...target,
      url: ruleUrl(target.url, shortOrigin, `/rules/${r}/targets/${t}/url`),
    }));
    return { ...rule, targets };
  });
}

function ruleUrl(text: string, shortOrigin: string, path: string): string {
  try {
    return parseTargetUrl(text, shortOrigin);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const fields = [{ path, message: error.message }];
    throw new AppError(error.kind, error.code, `${path}: ${error.message}`, { fields });
  }
}
