import { allRows } from './rows/all-rows.ts';
import { parseBenchOptions } from './bench-options.ts';
import { runRows } from './run-rows.ts';

/**
 * A program, `npm run bench`: measures every target of the design beside a baseline in the same run. Fails if a row can't be measured or
 * a click is missing; a missed target is a result, not a failure.
 */
if (process.platform !== 'linux') {
  console.error('The benchmark reads CPU times from /proc: run it on Linux, or in a container.');
  process.exit(1);
}
try {
  const options = parseBenchOptions(
    process.argv.slice(2),
    allRows.map(({ name }) => name),
  );
  if (options.list) {
    for (const { name, title } of allRows) console.log(`${name.padEnd(16)} ${title}`);
  } else if (!(await runRows(allRows, options))) {
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
