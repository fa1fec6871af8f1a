import { Download } from 'lucide-react';
import type { Link } from '../api/types.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import styles from './qr-dialog.module.css';

/** The QR code of a short link, to be shown or saved. */
export default function QrDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  const address = (query: string) => `/api/links/${link.slug}/qr?${query}`;
  return (
    <Dialog title={`QR code of /${link.slug}`} onClose={onClose}>
      <figure className={styles.figure}>
        <img src={address('format=svg')} alt={`QR code that leads to ${link.shortUrl}`} />
        <figcaption>{link.shortUrl}</figcaption>
      </figure>
      <div className={styles.actions}>
        <CopyButton text={link.shortUrl} what="short link" variant="quiet" hasWord />
        <LinkButton href={address('format=svg')} icon={Download} download={`${link.slug}.svg`}>
          SVG
        </LinkButton>
        <LinkButton
          href={address('format=png&size=1024')}
          icon={Download}
          download={`${link.slug}.png`}
        >
          PNG
        </LinkButton>
      </div>
    </Dialog>
  );
}
