import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { sayError } from './say-error.ts';

/** Says in the place of what could not be read why, and tries again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Notice kind="error" action={<Button onPress={onRetry}>Try again</Button>}>
      {sayError(error)}
    </Notice>
  );
}
