import type { Figure } from '../figure.ts';
import { ratioFigure } from '../measure/ratio-figure.ts';
import type { Row } from '../row.ts';
import { slugOf } from '../seed/seeded-links.ts';
import { startSpanSink } from '../subjects/start-span-sink.ts';
import { measureBeside } from './measure-beside.ts';
import { redirectSide } from './redirect-side.ts';

/** Traced by chance, and sent to a collector. */
export const tracing: Row = {
  name: 'tracing',
  title: 'Hot redirects of which 1 % and all are traced, beside the same process tracing none',
  seconds: 70,
  async run(bench) {
    const house = await bench.house();
    const { stack, session, links } = house;
    await links.ensure(10_000);
    const sink = await startSpanSink();
    await stack.restart('redirect', { OTEL_EXPORTER_OTLP_ENDPOINT: sink.origin });
    const side = (redirectTraceRatio: number) => ({
      ...redirectSide(bench, house, { requests: { kind: 'path', path: `/${slugOf(1)}` } }),
      prepare: () => session.changeSettings({ redirectTraceRatio }),
    });
    try {
      const rounds = await measureBeside(bench, { none: side(0), some: side(0.01), all: side(1) });
      if (sink.bytes() === 0) throw new Error('No span came to the collector.');
      const figure = (name: string, traced: 'some' | 'all'): Figure =>
        ratioFigure(rounds, {
          name: `hot redirect, ${name}; redirect process`,
          subject: [traced, 'process'],
          baseline: ['none', 'process'],
        });
      return [figure('1 % traced', 'some'), figure('all traced', 'all')];
    } finally {
      await session.changeSettings({ redirectTraceRatio: 0 });
      await stack.restart('redirect');
      await sink.stop();
    }
  },
};
