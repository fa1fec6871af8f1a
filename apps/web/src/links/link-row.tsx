import { Clock, EyeOff, Lock, MoreHorizontal, Pencil, QrCode, Trash2 } from 'lucide-react';
import { Link as RouteLink } from 'wouter';
import type { Link } from '../api/types.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatAddress, formatCount, formatTime, formatWhen } from '../parts/format.ts';
import { Menu } from '../parts/menu.tsx';
import { Tag } from '../parts/tag.tsx';
import styles from './link-row.module.css';
import { useDeleteLink } from './use-delete-link.ts';
import type { OpenLinkDialog } from './use-link-dialogs.tsx';

export interface LinkRowProps {
  link: Link;
  openDialog: OpenLinkDialog;
  /** Called with a tag that was pressed. Default: tags are words. */
  onTag?: (tag: string) => void;
}

/** A link in a list: what it is, how it fares, and what can be done with it. */
export function LinkRow({ link, openDialog, onTag }: LinkRowProps) {
  const deleteLink = useDeleteLink();
  const { slug, shortUrl } = link;
  return (
    <div className={styles.row}>
      <div className={styles.main}>
        <div className={styles.short}>
          <RouteLink href={`/links/${slug}`} className={styles.name ?? ''}>
            {formatAddress(shortUrl)}
          </RouteLink>
          <Marks link={link} />
        </div>
        <p className={styles.target} title={link.url}>
          {link.title ? <span className={styles.title}>{link.title}</span> : null}
          {formatAddress(link.url)}
        </p>
        {link.tags.length > 0 && (
          <ul className={styles.tags} aria-label="Tags">
            {link.tags.map((tag) => (
              <li key={tag}>
                <Tag
                  {...(onTag && { onPress: () => onTag(tag), label: `Show links tagged ${tag}` })}
                >
                  {tag}
                </Tag>
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className={styles.clicks}>{formatCount(link.clicks, 'click')}</p>
      <time className={styles.when} dateTime={link.createdAt} title={formatTime(link.createdAt)}>
        {formatWhen(link.createdAt)}
      </time>
      <div className={styles.actions}>
        <CopyButton text={shortUrl} what={`short link /${slug}`} />
        <Menu
          label={`Actions for /${slug}`}
          actions={[
            {
              id: 'edit',
              label: 'Edit',
              icon: Pencil,
              onAction: () => openDialog('edit', link),
            },
            { id: 'qr', label: 'QR code', icon: QrCode, onAction: () => openDialog('qr', link) },
            {
              id: 'delete',
              label: 'Delete',
              icon: Trash2,
              isDangerous: true,
              onAction: () => deleteLink(slug),
            },
          ]}
        >
          <Button variant="ghost" icon={MoreHorizontal} label={`Actions for /${slug}`} />
        </Menu>
      </div>
    </div>
  );
}

/** What is special about it, as icons with words for who can't see them. */
function Marks({ link }: { link: Link }) {
  const marks = [
    link.visibility === 'private' && { icon: EyeOff, text: 'Private' },
    link.hasPassword && { icon: Lock, text: 'Asks for a password' },
    link.expiresAt !== null && {
      icon: Clock,
      text:
        Date.parse(link.expiresAt) < Date.now()
          ? `Expired ${formatWhen(link.expiresAt)}`
          : `Expires ${formatWhen(link.expiresAt)}`,
    },
  ].filter((mark) => mark !== false);
  return marks.map(({ icon: Icon, text }) => (
    <span key={text} className={styles.mark} title={text}>
      <Icon size={15} aria-hidden />
      <span className="visually-hidden">{text}</span>
    </span>
  ));
}
