import { ArrowLabel } from './arrow-label.tsx';
import { perSecond } from './format-figure.ts';
import { NodeBox } from './node-box.tsx';
import styles from './system-cards.module.css';
import type { ServerNode, SystemModel } from './system-model.ts';

/** What the diagram shows, as cards, for narrow windows. */
export function SystemCards({ model: { rooms, shared } }: { model: SystemModel }) {
  const server = (each: ServerNode) => (
    <NodeBox
      {...each}
      kind={each.key.startsWith('redis') ? 'redis' : 'postgres'}
      name={each.key}
      unit={each.key}
      isFlat
    />
  );
  return (
    <div className={styles.cards}>
      {rooms.map(({ service, requests, processes, redis }) => (
        <section key={service} className={styles.room} aria-labelledby={`room-${service}`}>
          <header className={styles.header}>
            <h2 id={`room-${service}`}>{service}</h2>
            {requests !== null && <span>{perSecond(requests)} requests</span>}
          </header>
          {processes.map((node) => (
            <div key={node.key}>
              <NodeBox
                {...node}
                name={node.kind === 'http' ? 'HTTP' : 'jobs'}
                unit={node.key}
                isFlat
              />
              <ul className={styles.arrows}>
                {node.arrows.map((arrow) => (
                  <li key={arrow.to}>
                    <span className={styles.to}>→ {arrow.to}</span>
                    <ArrowLabel from={node.key} arrow={arrow} />
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {redis && server(redis)}
        </section>
      ))}
      <section className={styles.room} aria-labelledby="room-shared">
        <header className={styles.header}>
          <h2 id="room-shared">Shared by all hosts</h2>
        </header>
        {shared.map((each) => (
          <div key={each.key}>{server(each)}</div>
        ))}
      </section>
    </div>
  );
}
