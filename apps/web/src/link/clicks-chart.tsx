import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { LinkStats } from '../api/types.ts';
import { formatCount } from '../parts/format.ts';
import { bucketLabel, type Interval, markLabel, markPlaces } from './chart-range.ts';
import styles from './clicks-chart.module.css';

export interface ClicksChartProps {
  series: LinkStats['series'];
  interval: Interval;
}

const height = 260;

/** Clicks over time, as bars. A picture: `SeriesTable` says the same to who can't see it. */
export default function ClicksChart({ series, interval }: ClicksChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // Colours of the theme as the browser has worked them out.
    const colour = (part: string) => {
      const sample = element.querySelector<HTMLElement>(`[data-colour=${part}]`);
      return sample ? getComputedStyle(sample).color : '';
    };
    const axis: uPlot.Axis = {
      stroke: () => colour('text'),
      grid: { stroke: () => colour('line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    // Its place in the series, not its time: a day may have 23 hours, and is as wide as the others.
    const places = series.map((_, index) => index);
    const clicks = series.map((point) => point.clicks);
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        padding: [12, 20, 0, 0],
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: () => [-0.5, series.length - 0.5] },
          y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 4)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 76,
            incrs: steps[interval],
            splits: (_plot, _axis, _min, _max, step) => markPlaces(series, interval, step),
            values: (_plot, marks) => marks.map((mark) => markLabel(series[mark]?.time, interval)),
          },
          {
            ...axis,
            size: 48,
            incrs: [
              1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7,
            ],
            values: (_plot, ticks) => ticks.map((tick) => compact.format(tick)),
          },
        ],
        series: [
          {},
          {
            ...(uPlot.paths.bars && {
              paths: uPlot.paths.bars({ size: [0.8, 40, 1], radius: 0.15 }),
            }),
            fill: () => colour('accent'),
            stroke: () => colour('accent'),
            width: 0,
            points: { show: false },
          },
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx } }) => {
              const point = typeof idx === 'number' ? series[idx] : undefined;
              if (!readout.current) return;
              readout.current.textContent = point
                ? `${bucketLabel(point.time, interval)}: ${formatCount(point.clicks, 'click')}`
                : '';
            },
          ],
        },
      },
      [places, clicks],
      element,
    );
    const redraw = () => plot.redraw();
    const resize = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', redraw);
    return () => {
      resize.disconnect();
      theme.disconnect();
      dark.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [series, interval]);

  const total = series.reduce((sum, { clicks }) => sum + clicks, 0);
  const [first] = series;
  return (
    <div className={styles.chart}>
      <p ref={readout} className={styles.readout} aria-hidden />
      <div
        ref={box}
        className={styles.box}
        role="img"
        aria-label={`Bar chart of ${formatCount(total, 'click')}${first ? ` since ${bucketLabel(first.time, interval)}` : ''}. The table below has the figures.`}
      >
        <i data-colour="accent" />
        <i data-colour="text" />
        <i data-colour="line" />
      </div>
    </div>
  );
}

/** So many buckets may lie between two marks. */
const steps = {
  minute: [1, 5, 10, 15, 30, 60, 120, 180, 360],
  hour: [1, 2, 3, 6, 12, 24, 48, 96, 168, 336],
  day: [1, 2, 7, 14, 28, 56, 91],
};

const compact = new Intl.NumberFormat('en', { notation: 'compact' });
