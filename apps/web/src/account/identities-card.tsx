import { orThrow } from '@shortstack/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api/api-context.ts';
import { sayError } from '../api/say-error.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { formatTime } from '../parts/format.ts';
import { useToast } from '../parts/use-toast.ts';
import { Row } from './row.tsx';
import { RowList } from './row-list.tsx';
import styles from './rows.module.css';

/** How one signs in: by password, and with which issuers. Nothing where there are no issuers. */
export function IdentitiesCard() {
  const api = useApi();
  const toasts = useToast();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['identities'],
    queryFn: ({ signal }) => orThrow(api.GET('/api/auth/identities', { signal })),
  });
  const fail = (reason: Error) => void toasts.show({ kind: 'problem', text: sayError(reason) });
  const link = useMutation({
    mutationFn: (provider: string) =>
      orThrow(api.POST('/api/auth/oidc/{provider}/link', { params: { path: { provider } } })),
    onSuccess: ({ url }) => window.location.assign(url),
    onError: fail,
  });
  const unlink = useMutation({
    mutationFn: (id: string) =>
      orThrow(api.DELETE('/api/auth/identities/{id}', { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['identities'] }),
    onError: fail,
  });
  if (data?.items.length === 0 && data.providers.length === 0) return null;

  return (
    <Card title="How you sign in">
      <RowList
        items={data?.items}
        error={error}
        onRetry={() => void refetch()}
        expected={1}
        empty="With your e-mail address and password."
      >
        {({ id, name, email, createdAt }) => (
          <Row key={id} name={name} facts={`${email} · linked ${formatTime(createdAt)}`}>
            <Button
              label={`Unlink ${name}, ${email}`}
              isBusy={unlink.isPending && unlink.variables === id}
              onPress={() => unlink.mutate(id)}
            >
              Unlink
            </Button>
          </Row>
        )}
      </RowList>
      {data && data.providers.length > 0 && (
        <div className={`${styles.footer} ${styles.buttons}`}>
          {data.providers.map(({ id, name }) => (
            <Button
              key={id}
              isBusy={link.isPending && link.variables === id}
              onPress={() => link.mutate(id)}
            >
              {`Link ${name}`}
            </Button>
          ))}
        </div>
      )}
    </Card>
  );
}
