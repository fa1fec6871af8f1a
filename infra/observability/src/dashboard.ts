/** A chart of one or more queries, or with `kind` a figure or a table of the newest values. */
interface Panel {
  title: string;
  /** Legend → PromQL. `{{label}}` in a legend stands for that label's value. */
  queries: Readonly<Record<string, string>>;
  /** Grafana's name of it: `s`, `bytes`, `reqps`, `percentunit`, `short` … Default `short`. */
  unit?: string;
  /** Default `timeseries`. */
  kind?: 'timeseries' | 'stat' | 'alertlist';
  /** Of 24 columns. Default 8. */
  width?: number;
  /** From this value on it is red. */
  redFrom?: number;
  /** Below this value it is red. */
  redBelow?: number;
}

/** One dashboard: rows of panels under headings. */
export interface Dashboard {
  /** Its file's name and its address in Grafana. */
  uid: string;
  title: string;
  rows: Readonly<Record<string, readonly Panel[]>>;
}

const COLUMNS = 24;
const DEFAULT_WIDTH = 8;
const PANEL_HEIGHT = 8;

/**
 * The dashboard as Grafana reads it from a file.
 * @see https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
 */
export function dashboardJson({ uid, title, rows }: Dashboard): string {
  const panels: object[] = [];
  let y = 0;
  for (const [heading, members] of Object.entries(rows)) {
    panels.push({
      ...{ id: panels.length + 1, type: 'row', title: heading, collapsed: false, panels: [] },
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
    });
    y += 1;
    let x = 0;
    for (const panel of members) {
      const width = panel.width ?? DEFAULT_WIDTH;
      if (x + width > COLUMNS) {
        x = 0;
        y += PANEL_HEIGHT;
      }
      const gridPos = { x, y, w: width, h: PANEL_HEIGHT };
      panels.push({ id: panels.length + 1, ...panelJson(panel), gridPos });
      x += width;
    }
    y += PANEL_HEIGHT;
  }
  const dashboard = {
    ...{ uid, title: `Shortstack: ${title}`, tags: ['shortstack'], schemaVersion: 39 },
    ...{ editable: false, refresh: '10s', time: { from: 'now-1h', to: 'now' }, panels },
    links: [{ type: 'dashboards', tags: ['shortstack'], title: 'Shortstack', asDropdown: true }],
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelJson(panel: Panel): object {
  const { title, kind = 'timeseries', unit = 'short', queries } = panel;
  if (kind === 'alertlist') {
    return { type: kind, title, options: { alertInstanceLabelFilter: '', viewMode: 'list' } };
  }
  return {
    ...{ type: kind, title, datasource: { type: 'prometheus', uid: 'prometheus' } },
    fieldConfig: {
      defaults: { unit, min: 0, ...limits(panel) },
      overrides: [],
    },
    targets: Object.entries(queries).map(([legendFormat, expr], index) => ({
      ...{ refId: String.fromCharCode('A'.charCodeAt(0) + index), legendFormat, expr },
      ...(kind === 'stat' && { instant: true }),
    })),
  };
}

function limits({ redFrom, redBelow }: Panel): object {
  if (redFrom === undefined && redBelow === undefined) return {};
  const steps =
    redFrom === undefined
      ? [
          { color: 'red', value: null },
          { color: 'green', value: redBelow },
        ]
      : [
          { color: 'green', value: null },
          { color: 'red', value: redFrom },
        ];
  return { thresholds: { mode: 'absolute', steps } };
}
