import { Link2, SearchX } from 'lucide-react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { Failure } from '../api/failure.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from '../parts/page.tsx';
import { SelectField } from '../parts/select-field.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useDebounced } from '../parts/use-debounced.ts';
import { LinkList } from './link-list.tsx';
import { LinkRowSkeletons } from './link-row-skeleton.tsx';
import styles from './links-page.module.css';
import { useLinkDialogs } from './use-link-dialogs.tsx';
import { type LinkFilter, useLinks } from './use-links.ts';

const sorts = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'clicks', label: 'Most clicks first' },
] as const;
type Sort = (typeof sorts)[number]['value'];

/** All links of the account. What is searched for stands in the address, so that it can be kept and sent. */
export default function LinksPage() {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState(params.get('q') ?? '');
  const searched = useDebounced(text.trim(), 200);
  const tag = params.get('tag') ?? '';
  const sort = sorts.find(({ value }) => value === params.get('sort'))?.value ?? 'newest';

  const set = useCallback(
    (name: string, value: string) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          if (value) next.set(name, value);
          else next.delete(name);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const chooseTag = useCallback((value: string) => set('tag', value), [set]);
  useEffect(() => set('q', searched), [searched, set]);

  const filter: LinkFilter = {
    ...(searched && { q: searched }),
    ...(tag && { tag }),
    ...(sort !== 'newest' && { sort }),
  };
  const query = useLinks(filter);
  const { links, hasNextPage, isFetchingNextPage, fetchNextPage, error } = query;
  const { dialogs, dialog } = useLinkDialogs();
  const isFiltered = searched !== '' || tag !== '';
  const tags = useMemo(
    () => [...new Set([...(tag ? [tag] : []), ...links.flatMap((link) => link.tags)])].toSorted(),
    [links, tag],
  );

  return (
    <Page title="Links">
      <search className={styles.bar}>
        <TextField
          label="Search"
          type="search"
          placeholder="Slug, title or address"
          maxLength={100}
          value={text}
          onChange={setText}
        />
        <SelectField
          label="Tag"
          value={tag}
          onChange={(value) => set('tag', value)}
          choices={[
            { value: '', label: 'All tags' },
            ...tags.map((value) => ({ value, label: value })),
          ]}
        />
        <SelectField<Sort>
          label="Sort"
          value={sort}
          onChange={(value) => set('sort', value)}
          choices={sorts}
        />
      </search>
      <p className="visually-hidden" role="status">
        {query.isSuccess && !query.isPlaceholderData && isFiltered
          ? `${links.length}${hasNextPage ? ' or more' : ''} links found`
          : ''}
      </p>
      {error && !query.data ? (
        <Failure error={error} onRetry={() => void query.refetch()} />
      ) : (
        <Card>
          <div className={styles.list} aria-busy={query.isFetching}>
            {query.isPending ? (
              <LinkRowSkeletons count={8} />
            ) : links.length > 0 ? (
              <LinkList
                links={links}
                hasMore={hasNextPage}
                onEndNear={() => {
                  if (!isFetchingNextPage && !error) void fetchNextPage();
                }}
                dialogs={dialogs}
                onTag={chooseTag}
              />
            ) : isFiltered ? (
              <EmptyState icon={SearchX} title="No link matches">
                <p>Search looks in slugs, titles and addresses.</p>
                <Button
                  onPress={() => {
                    setText('');
                    setParams({}, { replace: true });
                  }}
                >
                  Show all links
                </Button>
              </EmptyState>
            ) : (
              <EmptyState icon={Link2} title="No links yet">
                <p>
                  <Link href="/">Make your first one</Link>
                </p>
              </EmptyState>
            )}
            {isFetchingNextPage && <LinkRowSkeletons count={3} />}
          </div>
          {error && query.data && <Failure error={error} onRetry={() => void fetchNextPage()} />}
        </Card>
      )}
      {dialog}
    </Page>
  );
}
