import type { ReactNode } from 'react';
import { sayError } from '../api/say-error.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import styles from './key-dialog.module.css';

export interface ConfirmDialogProps {
  title: string;
  /** What happens then. */
  children: ReactNode;
  /** What the button does, as a verb. */
  action: string;
  isBusy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what can't be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, isBusy, error, onConfirm, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles.form}>
        <p>{children}</p>
        {Boolean(error) && <Notice kind="error">{sayError(error)}</Notice>}
        <div className={styles.actions}>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="danger" isBusy={isBusy} onPress={onConfirm}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
