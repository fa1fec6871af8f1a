import { parseBenchOptions } from './bench-options.ts';
import { resultAsText } from './report/result.ts';
import { writeResult } from './report/write-result.ts';
import { allRows } from './rows/all-rows.ts';
import { runRows } from './run-rows.ts';

/**
 * A program, `npm run bench`: measures what the service promises, beside baselines in the same run. Fails if a row can't be measured or
 * a click is missing; a missed target is a result, not a failure.
 */
async function main(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new Error('CPU times are read from /proc: run this on Linux, or in a container.');
  }
  const options = parseBenchOptions(
    process.argv.slice(2),
    allRows.map(({ name }) => name),
  );
  if (options.list) {
    for (const { name, title } of allRows) console.log(`${name.padEnd(16)} ${title}`);
    return;
  }
  const isWanted = (name: string) => options.rows.length === 0 || options.rows.includes(name);
  const result = await runRows(
    allRows.filter(({ name }) => isWanted(name)),
    options,
  );
  console.log(resultAsText(result));
  console.log(`\n${(await writeResult(result, options)).join('\n')}`);
  if (result.failures.length > 0) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
