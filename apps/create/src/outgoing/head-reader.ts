import { Parser } from 'htmlparser2';

/** What a page says of itself. */
export interface PageMetadata {
  title: string | null;
  description: string | null;
  /** Absolute, http or https. */
  faviconUrl: string | null;
}

export interface HeadReader {
  /** Takes the next piece of the page; false once the head is over and no more is wanted. */
  write(html: string): boolean;
  /** What was found so far. */
  result(): PageMetadata;
}

const maxTitle = 300;
const maxDescription = 1_000;
const maxUrl = 2_048;
/** Far longer than what is kept, so that white space doesn't cut a title short. */
const maxRawTitle = 5_000;

/**
 * Reads title, description and icon from the head of a page, piece by piece. `<title>` and `description` come before their Open Graph
 * counterparts; without an icon the site's `/favicon.ico` is taken. `pageUrl` is where the page was found in the end.
 */
export function createHeadReader(pageUrl: URL): HeadReader {
  const meta = new Map<string, string>();
  let base = pageUrl;
  let title: string | undefined;
  let icon: string | undefined;
  let isInTitle = false;
  let isOver = false;

  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'body') isOver = true;
      if (isOver) return;
      if (name === 'title') isInTitle = title === undefined;
      if (name === 'base' && attributes.href !== undefined)
        base = URL.parse(attributes.href, pageUrl) ?? base;
      if (name === 'meta') noteMeta(attributes);
      if (name === 'link' && /(^|\s)icon(\s|$)/i.test(attributes.rel ?? '')) {
        icon ??= attributes.href;
      }
    },
    ontext(text) {
      if (isInTitle && (title?.length ?? 0) < maxRawTitle) title = (title ?? '') + text;
    },
    onclosetag(name) {
      if (name === 'title') isInTitle = false;
      if (name === 'head') isOver = true;
    },
  });

  function noteMeta({ name, property, content }: Record<string, string>) {
    const key = (name ?? property)?.toLowerCase();
    if (key !== undefined && content && !meta.has(key)) meta.set(key, content);
  }

  return {
    write(html) {
      if (!isOver) parser.write(html);
      return !isOver;
    },
    result: () => ({
      title: clean(title, maxTitle) ?? clean(meta.get('og:title'), maxTitle),
      description:
        clean(meta.get('description'), maxDescription) ??
        clean(meta.get('og:description'), maxDescription),
      faviconUrl: iconUrl(icon, base) ?? iconUrl('/favicon.ico', pageUrl),
    }),
  };
}

/** White space and control characters become single spaces; nothing left is null. */
function clean(text: string | undefined, maxLength: number): string | null {
  const line =
    text
      ?.toWellFormed()
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim() ?? '';
  // The cut may go through a pair of surrogates.
  return line.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '') || null;
}

function iconUrl(href: string | undefined, base: URL): string | null {
  const url = href === undefined ? null : URL.parse(href, base);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isWeb || url.username || url.password || url.href.length > maxUrl) return null;
  return url.href;
}
