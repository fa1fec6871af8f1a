import { Bot } from 'lucide-react';
import { Card } from '../parts/card.tsx';
import { formatTime } from '../parts/format.ts';
import styles from './live-card.module.css';
import { placeName } from './names.ts';
import { useLiveClicks } from './use-live-clicks.ts';

/** Clicks while they come in. */
export function LiveCard({ slug, onClicks }: { slug: string; onClicks: () => void }) {
  const { isConnected, clicks } = useLiveClicks(slug, onClicks);
  const newest = clicks[0]?.id;
  return (
    <Card
      title="Live"
      aside={
        <span className={styles.state}>
          <span key={newest} className={`${styles.dot} ${isConnected ? styles.on : ''}`} />
          {isConnected ? 'Connected' : 'Connecting …'}
        </span>
      }
    >
      {clicks.length === 0 ? (
        <p className={styles.waiting}>Clicks appear here the moment they are counted.</p>
      ) : (
        <ol className={styles.list}>
          {clicks.map(({ id, click }) => (
            <li key={id} className={styles.click}>
              <time dateTime={click.time} title={formatTime(click.time)}>
                {new Date(click.time).toLocaleTimeString('en', { hour12: false })}
              </time>
              <span className={styles.what}>
                {click.isBot ? (
                  <>
                    <Bot size={16} aria-hidden /> Bot
                  </>
                ) : (
                  [click.browser, click.os, click.country && placeName(click.country)]
                    .filter(Boolean)
                    .join(' · ') || 'Unknown browser'
                )}
              </span>
              <span className={styles.from}>{click.referrer ?? 'Direct'}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
