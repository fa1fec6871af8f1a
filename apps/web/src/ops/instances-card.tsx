import type { OperationsOverview } from '@shortstack/contracts';
import { Card } from '../parts/card.tsx';
import { keyOf } from './describe-system.ts';
import { duration } from './format-figure.ts';
import { ScrollTable } from './scroll-table.tsx';
import { StateMark } from './state-mark.tsx';
import styles from './table.module.css';

/** All that the diagram draws, in words: a row for each process that is registered. */
export function InstancesCard({ overview }: { overview: OperationsOverview }) {
  const { at, instances } = overview;
  return (
    <Card title="Instances">
      <ScrollTable
        label="Table of instances"
        head={
          <>
            <th scope="col">Process</th>
            <th scope="col">Instance</th>
            <th scope="col">Health</th>
            <th scope="col">Uses</th>
            <th scope="col">Up for</th>
            <th scope="col">Version</th>
            <th scope="col">Last work</th>
          </>
        }
      >
        {instances.map((instance) => (
          <tr key={`${instance.service} ${instance.id}`}>
            <th scope="row">{keyOf(instance)}</th>
            <td className={styles.code}>{instance.id}</td>
            <td>
              <StateMark
                state={
                  instance.health === 'healthy'
                    ? 'well'
                    : instance.health === 'unknown'
                      ? 'unknown'
                      : 'down'
                }
                text={instance.answered ? instance.health : `${instance.health}, by its record`}
              />
            </td>
            <td>{uses(instance)}</td>
            <td className={styles.number}>
              {duration(Date.parse(at) - Date.parse(instance.startedAt))}
            </td>
            <td className={styles.code}>{instance.version.slice(0, 12)}</td>
            <td>{instance.lastWork ?? '–'}</td>
          </tr>
        ))}
      </ScrollTable>
    </Card>
  );
}

function uses({ dependencies }: OperationsOverview['instances'][number]): string {
  const down = dependencies.filter(
    ({ state, breaker }) => state === 'down' || (breaker !== undefined && breaker !== 'closed'),
  );
  if (dependencies.length === 0) return '–';
  if (down.length === 0) return `all ${dependencies.length} up`;
  return down
    .map(({ name, breaker }) => `${name}: ${breaker ? `breaker ${breaker}` : 'no answer'}`)
    .join(', ');
}
