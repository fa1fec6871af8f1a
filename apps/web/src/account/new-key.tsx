import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Notice } from '../parts/notice.tsx';
import styles from './key-dialog.module.css';

/** A key that was just made: it can't be shown again. */
export function NewKey(props: { name: string; secret: string; onClose: () => void }) {
  const { name, secret, onClose } = props;
  return (
    <Dialog title={`Your key for ${name}`} onClose={onClose} isDismissable={false}>
      <div className={styles.form}>
        <Notice kind="warning">Copy it now: it is not shown again.</Notice>
        <code className={styles.secret}>{secret}</code>
        <div className={styles.actions}>
          <CopyButton text={secret} what="API key" variant="primary" hasWord />
          <Button onPress={onClose}>Done</Button>
        </div>
      </div>
    </Dialog>
  );
}
