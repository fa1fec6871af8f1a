import { ExternalLink, Pencil, QrCode, Trash2 } from 'lucide-react';
import { Link as RouteLink, useLocation } from 'wouter';
import type { Link } from '../api/types.ts';
import { useDeleteLink } from '../links/use-delete-link.ts';
import type { LinkDialogs } from '../links/use-link-dialogs.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatCount, formatTime } from '../parts/format.ts';
import { LinkButton } from '../parts/link-button.tsx';
import { Tag } from '../parts/tag.tsx';
import styles from './link-summary.module.css';

/** Where a link leads, under which conditions, and what can be done with it. */
export function LinkSummary({ link, dialogs }: { link: Link; dialogs: LinkDialogs }) {
  const deleteLink = useDeleteLink();
  const [, navigate] = useLocation();
  const facts: [string, string][] = [
    ['Created', formatTime(link.createdAt)],
    ...(link.expiresAt === null
      ? []
      : [['Expires', formatTime(link.expiresAt)] as [string, string]]),
    ...(link.maxClicks === null
      ? []
      : [['At most', formatCount(link.maxClicks, 'click')] as [string, string]]),
    ...(link.visibility === 'private' ? [['Visible to', 'you alone'] as [string, string]] : []),
    ...(link.hasPassword ? [['Password', 'asked for'] as [string, string]] : []),
    ...(link.rules.length > 0
      ? [['Rules', formatCount(link.rules.length, 'rule')] as [string, string]]
      : []),
    ['Redirect', `${link.status}`],
  ];
  return (
    <Card>
      <div className={styles.summary}>
        <div className={styles.where}>
          {link.title && <p className={styles.title}>{link.title}</p>}
          <a href={link.url} rel="noreferrer" className={styles.target}>
            {link.url}
          </a>
          {link.tags.length > 0 && (
            <ul className={styles.tags} aria-label="Tags">
              {link.tags.map((tag) => (
                <li key={tag}>
                  <RouteLink href={`/links?tag=${encodeURIComponent(tag)}`}>
                    <Tag>{tag}</Tag>
                  </RouteLink>
                </li>
              ))}
            </ul>
          )}
        </div>
        <div className={styles.actions}>
          <CopyButton text={link.shortUrl} what="short link" variant="primary" hasWord />
          <LinkButton href={link.shortUrl} icon={ExternalLink} opensTab>
            Open
          </LinkButton>
          <Button icon={QrCode} onPress={() => dialogs.open('qr', link)}>
            QR
          </Button>
          <Button icon={Pencil} onPress={() => dialogs.open('edit', link)}>
            Edit
          </Button>
          <Button
            icon={Trash2}
            label="Delete"
            onPress={() => {
              deleteLink(link.slug);
              navigate('/links');
            }}
          />
        </div>
        <dl className={styles.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Card>
  );
}
