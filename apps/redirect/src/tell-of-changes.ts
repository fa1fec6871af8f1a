import type { Cache } from '@shortstack/cache';
import type { LinkEventType, LinksChanged } from '@shortstack/contracts';

const created: LinkEventType = 'link.created';
/** So many new links are told to the cache Redis one by one. More would only fill it. */
const fewLinks = 100;

/**
 * Returns what is done when links have changed: caches forget what is older. Of many new links they forget only that
 * there were none.
 *
 * @param options.beforehand what comes first, for each link.
 */
export function createChangeTeller<Link>(options: {
  cache: Pick<Cache<Link>, 'invalidate' | 'appeared'>;
  beforehand: (slug: string) => void;
}) {
  const { cache, beforehand } = options;
  return (type: string, { links }: Pick<LinksChanged, 'links'>): void => {
    for (const { slug } of links) beforehand(slug);
    if (type === created && links.length > fewLinks) {
      cache.appeared(links.map(({ slug }) => slug));
    } else {
      for (const { slug, version } of links) void cache.invalidate(slug, version);
    }
  };
}
