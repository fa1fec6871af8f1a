import type { CSSProperties } from 'react';
import { ArrowLabel } from './arrow-label.tsx';
import { perSecond } from './format-figure.ts';
import { type Box, layOut } from './lay-out.ts';
import { NodeBox } from './node-box.tsx';
import { pulseSeconds } from './pulse-seconds.ts';
import styles from './system-diagram.module.css';
import type { State, SystemModel } from './system-model.ts';

export interface SystemDiagramProps {
  model: SystemModel;
  width: number;
  /** How the first figure of each process went. */
  trails: ReadonlyMap<string, number[]>;
}

/** The system as a drawing: hosts as rooms, the servers that they share below, arrows that move with what flows. */
export function SystemDiagram({ model, width, trails }: SystemDiagramProps) {
  const layout = layOut(model, width);
  const stateOf = new Map(model.shared.map(({ key, state }) => [key, state]));
  return (
    <div className={styles.diagram} style={{ height: layout.height }}>
      {model.rooms.map(({ service, publicUrl }) => (
        <div key={service} className={styles.room} style={place(layout.rooms.get(service))}>
          <h2 className={styles.title}>{service}</h2>
          {publicUrl !== null && (
            <span className={styles.address}>{publicUrl.replace(/^https?:\/\//, '')}</span>
          )}
        </div>
      ))}
      <svg className={styles.lines} width={layout.width} height={layout.height} aria-hidden="true">
        <defs>
          {(['well', 'ailing', 'down', 'unknown'] as const).map((state) => (
            <marker
              key={state}
              id={`head-${state}`}
              className={styles[state]}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0,0.5 L8,4 L0,7.5 Z" fill="currentColor" />
            </marker>
          ))}
        </defs>
        {layout.rails.map(({ key, x1, x2, y }) => (
          <line
            key={key}
            className={`${styles.rail} ${styles[stateOf.get(key) ?? 'unknown']}`}
            {...{ x1, x2, y1: y, y2: y }}
          />
        ))}
        {layout.entries.map(({ service, x, y1, y2 }) => {
          const rate = model.rooms.find((room) => room.service === service)?.requests ?? 0;
          return <Flow key={service} state="well" rate={rate} line={[x, y1, x, y2]} />;
        })}
        {layout.arrows.map(({ from, arrow, line }) => (
          <Flow key={`${from} ${arrow.to}`} state={arrow.state} rate={arrow.rate} line={line} />
        ))}
      </svg>
      {layout.entries.map(({ service, x, y1 }) => {
        const rate = model.rooms.find((room) => room.service === service)?.requests;
        return (
          <p key={service} className={styles.entry} style={{ left: x + 10, top: y1 + 2 }}>
            {rate === undefined || rate === null ? 'requests' : `${perSecond(rate)} requests`}
          </p>
        );
      })}
      {layout.arrows.map(({ from, arrow, label: { left, top, align } }) => (
        <div
          key={`${from} ${arrow.to}`}
          className={`${styles.label} ${align === 'center' ? styles.centred : ''}`}
          style={{ left, top }}
        >
          <ArrowLabel from={from} arrow={arrow} />
        </div>
      ))}
      {model.rooms.flatMap(({ processes, redis }) => [
        ...processes.map((node) => (
          <div key={node.key} className={styles.node} style={place(layout.boxes.get(node.key))}>
            <NodeBox
              {...node}
              name={node.kind === 'http' ? 'HTTP' : 'jobs'}
              unit={node.key}
              trail={node.kind === 'http' ? trails.get(node.key) : undefined}
            />
          </div>
        )),
        ...(redis
          ? [
              <div
                key={redis.key}
                className={styles.node}
                style={place(layout.boxes.get(redis.key))}
              >
                <NodeBox {...redis} kind="redis" name="own Redis" unit={redis.key} />
              </div>,
            ]
          : []),
      ])}
      {model.shared.map((server) => (
        <div key={server.key} className={styles.node} style={place(layout.boxes.get(server.key))}>
          <NodeBox
            {...server}
            kind={server.key.startsWith('redis') ? 'redis' : 'postgres'}
            name={server.key}
            unit={server.key}
            isFlat
          />
        </div>
      ))}
    </div>
  );
}

interface FlowProps {
  state: State;
  rate: number | null;
  line: readonly [number, number, number, number];
}

function Flow({ state, rate, line: [x1, y1, x2, y2] }: FlowProps) {
  const isBroken = state === 'down';
  const seconds = rate === null || isBroken ? null : pulseSeconds(rate);
  return (
    <g className={styles[state]}>
      <line
        className={isBroken ? styles.broken : styles.line}
        markerEnd={`url(#head-${state})`}
        {...{ x1, y1, x2, y2 }}
      />
      {seconds !== null && (
        <line
          className={styles.pulse}
          style={{ animationDuration: `${seconds}s` }}
          {...{ x1, y1, x2, y2 }}
        />
      )}
    </g>
  );
}

function place(box: Box | undefined): CSSProperties {
  return box ?? { display: 'none' };
}
