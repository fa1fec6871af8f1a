import { Clock, EyeOff, Lock, MoreHorizontal } from 'lucide-react';
import { memo } from 'react';
import { Link as RouteLink } from 'wouter';
import type { Link } from '../api/types.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { formatAddress, formatCount, formatTime, formatWhen } from '../parts/format.ts';
import { RowButton } from '../parts/row-button.tsx';
import { Tag } from '../parts/tag.tsx';
import styles from './link-row.module.css';
import type { LinkDialogs } from './use-link-dialogs.tsx';

export interface LinkRowProps {
  link: Link;
  dialogs: LinkDialogs;
  /** Called with a tag that was pressed. Default: tags are words. */
  onTag?: (tag: string) => void;
}

/** A link in a list: what it is, how it fares, and what can be done with it. Drawn again only when that changes. */
export const LinkRow = memo(function LinkRow({ link, dialogs, onTag }: LinkRowProps) {
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
        <CopyButton text={shortUrl} what={`short link /${slug}`} isInRow />
        <RowButton
          label={`Actions for /${slug}`}
          icon={MoreHorizontal}
          hasMenu
          onPress={(button) => dialogs.openMenu(link, button)}
        />
      </div>
    </div>
  );
});

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
