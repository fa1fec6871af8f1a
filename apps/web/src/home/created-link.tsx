import { ExternalLink, QrCode } from 'lucide-react';
import { Link as RouteLink } from 'wouter';
import type { Link } from '../api/types.ts';
import type { LinkDialogs } from '../links/use-link-dialogs.tsx';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatAddress } from '../parts/format.ts';
import { LinkButton } from '../parts/link-button.tsx';
import styles from './created-link.module.css';

/** The link that was just made, and what one does with it next. */
export function CreatedLink({ link, dialogs }: { link: Link; dialogs: LinkDialogs }) {
  return (
    <section className={styles.created} aria-label="The new link">
      <div className={styles.text}>
        <RouteLink href={`/links/${link.slug}`} className={styles.short ?? ''}>
          {formatAddress(link.shortUrl)}
        </RouteLink>
        <p className={styles.target}>{formatAddress(link.url)}</p>
      </div>
      <div className={styles.actions}>
        <CopyButton text={link.shortUrl} what="short link" variant="quiet" hasWord />
        <LinkButton href={link.shortUrl} icon={ExternalLink} opensTab>
          Open
        </LinkButton>
        <Button icon={QrCode} onPress={() => dialogs.open('qr', link)}>
          QR
        </Button>
      </div>
    </section>
  );
}
