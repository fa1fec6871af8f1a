import { setTimeout as pause } from 'node:timers/promises';
import type { House } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median } from '../measure/median.ts';
import type { Row } from '../row.ts';

const perRequest = 1_000;
const atOnce = 4;
const target = { of: 'value', bound: 'at least', limit: 30_000 } as const;

/** Many links at once: a thousand per request, and a file of them. */
export const bulkAndImport: Row = {
  name: 'bulk-and-import',
  title: 'Links per second into PostgreSQL, by POST /api/links/bulk and by POST /api/imports',
  seconds: 35,
  async run(bench) {
    const house = await bench.house();
    const { quick } = bench.options;
    const rounds = Math.min(3, bench.options.rounds);
    await house.session.changeSettings({ rateLimits: false });
    const rates: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      bench.say(`bulk, round ${round} of ${rounds}`);
      rates.push(await bulk(house, round, quick ? 10_000 : 60_000));
    }
    bench.say('import');
    const rows = quick ? 20_000 : 200_000;
    const imported = await importFile(house, rows);
    await house.session.changeSettings({ rateLimits: true });
    const figures: Figure[] = [
      {
        name: `bulk, ${perRequest.toLocaleString('en')} links a request, ${atOnce} at once`,
        unit: 'links per second',
        // The first round warms up.
        value: median(rates.slice(1)),
        target,
      },
      {
        name: `import of ${rows.toLocaleString('en')} rows of CSV, from the request to done`,
        unit: 'links per second',
        value: imported,
        target,
      },
    ];
    return figures;
  },
};

async function bulk({ session }: House, round: number, count: number): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < count) {
      const from = next;
      next += perRequest;
      const links = Array.from({ length: perRequest }, (_, i) => ({
        url: `https://example.com/a/rather/usual/path?round=${round}&link=${from + i}`,
      }));
      const { results } = await session.call<{ results: { error?: unknown }[] }>(
        'POST',
        '/api/links/bulk',
        { links },
      );
      if (results.length !== perRequest || results.some(({ error }) => error !== undefined)) {
        throw new Error('A link of a bulk request was refused.');
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return count / ((performance.now() - startedAt) / 1_000);
}

async function importFile({ stack, session }: House, rows: number): Promise<number> {
  const lines = Array.from(
    { length: rows },
    (_, i) => `https://example.com/a/rather/usual/path?imported=${i},Title of link ${i}`,
  );
  const startedAt = performance.now();
  const answer = await fetch(`${stack.appOrigin}/api/imports`, {
    method: 'POST',
    headers: { ...session.headers, 'content-type': 'text/csv' },
    body: `url,title\n${lines.join('\n')}\n`,
  });
  if (answer.status !== 202) throw new Error(`The import was refused: ${await answer.text()}`);
  const { id } = (await answer.json()) as { id: string };
  for (;;) {
    const { status, imported } = await session.call<{ status: string; imported: number }>(
      'GET',
      `/api/imports/${id}`,
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    if (status === 'done') {
      if (imported !== rows) throw new Error(`Of ${rows} rows ${imported} were imported.`);
      return rows / seconds;
    }
    if (seconds > 120) throw new Error(`After 120 s ${imported} of ${rows} rows are imported.`);
    await pause(100);
  }
}
