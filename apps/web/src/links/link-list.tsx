import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Link } from '../api/types.ts';
import styles from './link-list.module.css';
import { LinkRow } from './link-row.tsx';
import type { LinkDialogs } from './use-link-dialogs.tsx';

export interface LinkListProps {
  links: readonly Link[];
  /** Whether there are more to be loaded. */
  hasMore: boolean;
  /** Called when the end comes near. */
  onEndNear: () => void;
  dialogs: LinkDialogs;
  onTag: (tag: string) => void;
}

const rowHeight = 73;
/** So many rows before the end more are loaded: some screens. */
const leadRows = 100;

/** Links that scroll with the window. However many there are, only those in sight and a few around them are drawn. */
export function LinkList({ links, hasMore, onEndNear, dialogs, onTag }: LinkListProps) {
  const ref = useRef<HTMLUListElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: links.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: ref.current?.offsetTop ?? 0,
    getItemKey: (index) => links[index]?.slug ?? index,
  });
  const rows = virtualizer.getVirtualItems();
  const isEndNear = hasMore && (rows.at(-1)?.index ?? 0) >= links.length - leadRows;
  useEffect(() => {
    if (isEndNear) onEndNear();
  }, [isEndNear, onEndNear]);

  return (
    <ul ref={ref} className={styles.list} style={{ height: virtualizer.getTotalSize() }}>
      {rows.map(({ key, index, start }) => {
        const link = links[index];
        if (!link) return null;
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            className={styles.item}
            style={{ transform: `translateY(${start - virtualizer.options.scrollMargin}px)` }}
            aria-posinset={index + 1}
            aria-setsize={hasMore ? -1 : links.length}
          >
            <LinkRow link={link} dialogs={dialogs} onTag={onTag} />
          </li>
        );
      })}
    </ul>
  );
}
