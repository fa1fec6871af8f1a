import { orThrow } from '@shortstack/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api/api-context.ts';
import { sayError } from '../api/say-error.ts';
import { leadToSignIn } from '../app/lead-to-sign-in.ts';
import { usePendingDeletions } from '../links/pending-deletions.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { formatTime, formatWhen } from '../parts/format.ts';
import { Tag } from '../parts/tag.tsx';
import { useToast } from '../parts/use-toast.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { Row } from './row.tsx';
import { RowList } from './row-list.tsx';
import styles from './rows.module.css';

/** Where one is signed in; ends one of these sessions, or all. */
export function SessionsCard() {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const { flush } = usePendingDeletions();
  const [isAsking, setIsAsking] = useState(false);
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => orThrow(api.GET('/api/auth/sessions', { signal })),
  });
  const endOne = useMutation({
    mutationFn: (id: string) =>
      orThrow(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => toasts.show({ text: 'That browser is signed out.' }),
    onError: (error) => toasts.show({ kind: 'problem', text: sayError(error) }),
    // It may have ended meanwhile, too.
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const endAll = useMutation({
    async mutationFn() {
      await flush();
      await orThrow(api.DELETE('/api/auth/sessions'));
    },
    onSuccess: leadToSignIn,
  });

  return (
    <Card title="Where you are signed in">
      <RowList
        items={sessions.data?.items}
        error={sessions.error}
        onRetry={() => void sessions.refetch()}
        expected={1}
        empty=""
      >
        {({ id, device, createdAt, lastSeenAt, isCurrent }) => {
          const name = device ?? 'A program, or an unknown browser';
          return (
            <Row
              key={id}
              name={
                <>
                  {name}
                  {isCurrent && <Tag>This browser</Tag>}
                </>
              }
              facts={`Signed in ${formatTime(createdAt)} · last used ${formatWhen(lastSeenAt)}`}
            >
              {!isCurrent && (
                <Button
                  label={`Sign out ${name}, signed in ${formatTime(createdAt)}`}
                  isBusy={endOne.isPending && endOne.variables === id}
                  onPress={() => endOne.mutate(id)}
                >
                  Sign out
                </Button>
              )}
            </Row>
          );
        }}
      </RowList>
      <div className={styles.footer}>
        <Button onPress={() => setIsAsking(true)}>Sign out everywhere</Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Sign out everywhere?"
          action="Sign out everywhere"
          isBusy={endAll.isPending}
          error={endAll.error}
          onConfirm={() => endAll.mutate()}
          onClose={() => {
            endAll.reset();
            setIsAsking(false);
          }}
        >
          Every browser is signed out at once, this one too. API keys go on working.
        </ConfirmDialog>
      )}
    </Card>
  );
}
