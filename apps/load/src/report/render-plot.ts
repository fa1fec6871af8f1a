import { escapeHtml } from './escape-html.ts';
import { createScale, type Scale, type ScaleKind } from './scales.ts';

interface Series {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  title: string;
  /** Said below the title. */
  note?: string;
  xLabel: string;
  yLabel: string;
  /** Default linear. */
  xScale?: ScaleKind;
  yScale?: ScaleKind;
  series: readonly Series[];
}

const width = 900;
const height = 340;
const margin = { left: 70, right: 20, top: 12, bottom: 48 };
const inner = {
  width: width - margin.left - margin.right,
  height: height - margin.top - margin.bottom,
};

/** A plot of lines as SVG within HTML, without any script. Colours are classes `s0`, `s1`, … of the page's style. */
export function renderPlot({ title, note, xLabel, yLabel, xScale, yScale, series }: Plot): string {
  const points = series.flatMap((each) => [...each.points]);
  const x = createScale(
    xScale ?? 'linear',
    points.map(([at]) => at),
  );
  const y = createScale(
    yScale ?? 'linear',
    points.map(([, value]) => value),
  );
  const left = (value: number) => (margin.left + x.place(value) * inner.width).toFixed(1);
  const top = (value: number) => (margin.top + (1 - y.place(value)) * inner.height).toFixed(1);
  const lines = series.map(
    (each, at) =>
      `<polyline class="line s${at % 6}" points="${each.points.map(([px, py]) => `${left(px)},${top(py)}`).join(' ')}"/>`,
  );
  const legend = series.map(
    (each, at) => `<span class="s${at % 6}">${escapeHtml(each.name)}</span>`,
  );
  return `<figure><figcaption><h2>${escapeHtml(title)}</h2>${note === undefined ? '' : `<p>${escapeHtml(note)}</p>`}
<p class="legend">${legend.join(' ')}</p></figcaption>
<div class="plot"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">
${yAxis(y, top)}
${xAxis(x, left)}
${lines.join('\n')}
<text class="label" x="${margin.left + inner.width / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(xLabel)}</text>
<text class="label" x="14" y="${margin.top + inner.height / 2}" text-anchor="middle" transform="rotate(-90 14 ${margin.top + inner.height / 2})">${escapeHtml(yLabel)}</text>
</svg></div></figure>`;
}

function xAxis({ ticks }: Scale, left: (value: number) => string): string {
  return ticks
    .map(
      ({ value, label }) =>
        `<path class="grid" d="M${left(value)} ${margin.top}V${margin.top + inner.height}"/><text x="${left(value)}" y="${height - margin.bottom + 17}" text-anchor="middle">${label}</text>`,
    )
    .join('');
}

function yAxis({ ticks }: Scale, top: (value: number) => string): string {
  return ticks
    .map(
      ({ value, label }) =>
        `<path class="grid" d="M${margin.left} ${top(value)}H${width - margin.right}"/><text x="${margin.left - 8}" y="${top(value)}" dy="4" text-anchor="end">${label}</text>`,
    )
    .join('');
}
