import { orThrow } from '@shortstack/client';
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { Link } from 'wouter';
import { useApi } from '../api/api-context.ts';
import { Failure } from '../api/failure.tsx';
import { LinkRow } from '../links/link-row.tsx';
import { LinkRowSkeletons } from '../links/link-row-skeleton.tsx';
import { useHiddenSlugs } from '../links/pending-deletions.ts';
import type { LinkDialogs } from '../links/use-link-dialogs.tsx';
import { Card } from '../parts/card.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import styles from './recent-links.module.css';

const shown = 8;

/** The newest links, and the way to all of them. */
export function RecentLinks({ dialogs }: { dialogs: LinkDialogs }) {
  const api = useApi();
  const hidden = useHiddenSlugs();
  const { data, error, refetch } = useQuery({
    queryKey: ['links', 'recent'],
    queryFn: ({ signal }) =>
      orThrow(api.GET('/api/links', { params: { query: { limit: shown } }, signal })),
  });
  const links = data?.items.filter(({ slug }) => !hidden.has(slug));
  return (
    <Card title="Newest links" aside={<Link href="/links">All links</Link>}>
      {links?.length === 0 ? (
        <EmptyState icon={Link2} title="No links yet">
          <p>Paste an address above to make your first one.</p>
        </EmptyState>
      ) : links ? (
        <ul className={styles.list}>
          {links.map((link) => (
            <li key={link.slug}>
              <LinkRow link={link} dialogs={dialogs} />
            </li>
          ))}
        </ul>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <div className={styles.list} aria-busy="true">
          <LinkRowSkeletons count={shown} />
        </div>
      )}
    </Card>
  );
}
