import type { CreateLinkBody, Link, UpdateLinkBody } from '../api/types.ts';

/** A link as its form holds it: text as it was typed. */
export interface LinkDraft {
  url: string;
  slug: string;
  title: string;
  /** Separated by commas. */
  tags: string;
  /** As `<input type="datetime-local">` has it, in the browser's time zone. */
  expiresAt: string;
  maxClicks: string;
  password: string;
  removesPassword: boolean;
  isPrivate: boolean;
}

export const emptyDraft: LinkDraft = {
  url: '',
  slug: '',
  title: '',
  tags: '',
  expiresAt: '',
  maxClicks: '',
  password: '',
  removesPassword: false,
  isPrivate: false,
};

export function draftOf(link: Link): LinkDraft {
  return {
    ...emptyDraft,
    url: link.url,
    slug: link.slug,
    title: link.title ?? '',
    tags: link.tags.join(', '),
    expiresAt: link.expiresAt === null ? '' : toLocalTime(link.expiresAt),
    maxClicks: link.maxClicks === null ? '' : `${link.maxClicks}`,
    isPrivate: link.visibility === 'private',
  };
}

/** The body that creates it; what was left empty is not in it. */
export function bodyOf(draft: LinkDraft): CreateLinkBody {
  const { slug, title, expiresAt, maxClicks, password, isPrivate } = draft;
  const tags = tagsOf(draft);
  return {
    url: withScheme(draft.url),
    ...(slug.trim() && { slug: slug.trim() }),
    ...(title.trim() && { title: title.trim() }),
    ...(tags.length > 0 && { tags }),
    ...(expiresAt && { expiresAt: toInstant(expiresAt) }),
    ...(maxClicks && { maxClicks: Number(maxClicks) }),
    ...(password && { password }),
    ...(isPrivate && { visibility: 'private' as const }),
  };
}

/** The body that changes a link: what differs from it alone. Null where nothing does. */
export function changesOf(link: Link, draft: LinkDraft): UpdateLinkBody | null {
  const before = draftOf(link);
  const tags = tagsOf(draft);
  const changes: UpdateLinkBody = {
    ...(draft.url !== before.url && { url: withScheme(draft.url) }),
    ...(draft.title !== before.title && { title: draft.title.trim() || null }),
    ...(tags.join() !== link.tags.join() && { tags }),
    ...(draft.expiresAt !== before.expiresAt && {
      expiresAt: draft.expiresAt ? toInstant(draft.expiresAt) : null,
    }),
    ...(draft.maxClicks !== before.maxClicks && {
      maxClicks: draft.maxClicks ? Number(draft.maxClicks) : null,
    }),
    ...(draft.isPrivate !== before.isPrivate && {
      visibility: draft.isPrivate ? ('private' as const) : ('public' as const),
    }),
    ...(draft.removesPassword
      ? { password: null }
      : draft.password && { password: draft.password }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}

function tagsOf({ tags }: LinkDraft): string[] {
  const named = tags.split(',').map((tag) => tag.trim());
  return [...new Set(named)].filter((tag) => tag !== '');
}

/** People paste "example.com/page" too. */
function withScheme(url: string): string {
  const given = url.trim();
  return /^[a-z][a-z0-9+.-]*:/i.test(given) && !/^[^/]+:\d/.test(given)
    ? given
    : `https://${given}`;
}

function toInstant(localTime: string): string {
  return new Date(localTime).toISOString();
}

function toLocalTime(instant: string): string {
  const time = new Date(instant);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
