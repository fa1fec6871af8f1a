import { orThrow } from '@shortstack/client';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useApi } from '../api/api-context.ts';
import type { ApiKey } from '../api/types.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { formatTime, formatWhen } from '../parts/format.ts';
import { useToast } from '../parts/use-toast.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { Row } from './row.tsx';
import { RowList } from './row-list.tsx';
import styles from './rows.module.css';

/** The API keys of one's programs: makes them and deletes them. */
export function KeysCard() {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const [isMaking, setIsMaking] = useState(false);
  const [doomed, setDoomed] = useState<ApiKey | null>(null);
  const keys = useInfiniteQuery({
    queryKey: ['keys'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      orThrow(
        api.GET('/api/keys', {
          params: { query: { limit: 50, ...(cursor !== undefined && { cursor }) } },
          signal,
        }),
      ),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const remove = useMutation({
    mutationFn: ({ id }: ApiKey) =>
      orThrow(api.DELETE('/api/keys/{id}', { params: { path: { id } } })),
    async onSuccess(_nothing, { name }) {
      setDoomed(null);
      await queries.invalidateQueries({ queryKey: ['keys'] });
      toasts.show({ text: `Deleted ${name}. It is refused within 5 seconds.` });
    },
  });

  return (
    <Card
      title="API keys"
      aside={
        <Button icon={Plus} onPress={() => setIsMaking(true)}>
          New key
        </Button>
      }
    >
      <RowList
        items={keys.data?.pages.flatMap(({ items }) => items)}
        error={keys.error}
        onRetry={() => void keys.refetch()}
        expected={2}
        empty={
          <>
            No keys yet. A program that uses the <a href="/docs/">API</a> needs one.
          </>
        }
      >
        {(key) => (
          <Row
            key={key.id}
            name={key.name}
            facts={
              <>
                <code>{key.prefix}…</code> · {key.scopes.join(', ')} · made{' '}
                {formatTime(key.createdAt)} · {sayExpiry(key.expiresAt)}
              </>
            }
          >
            <Button label={`Delete ${key.name}`} onPress={() => setDoomed(key)}>
              Delete
            </Button>
          </Row>
        )}
      </RowList>
      {keys.hasNextPage && (
        <div className={styles.footer}>
          <Button isBusy={keys.isFetchingNextPage} onPress={() => void keys.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      {isMaking && <KeyDialog onClose={() => setIsMaking(false)} />}
      {doomed && (
        <ConfirmDialog
          title={`Delete ${doomed.name}?`}
          action="Delete key"
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(doomed)}
          onClose={() => {
            remove.reset();
            setDoomed(null);
          }}
        >
          Programs that use it are refused within 5 seconds. This can’t be undone.
        </ConfirmDialog>
      )}
    </Card>
  );
}

function sayExpiry(expiresAt: string | null): string {
  if (expiresAt === null) return 'never expires';
  const hasExpired = Date.parse(expiresAt) <= Date.now();
  return `${hasExpired ? 'expired' : 'expires'} ${formatWhen(expiresAt)}`;
}
