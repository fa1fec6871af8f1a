import { help } from './help.ts';
import { parseOptions } from './options.ts';
import { runLoad } from './run-load.ts';
import { removeSeed } from './seed/remove-seed.ts';
import { seed } from './seed/seed.ts';
import { parseSeedOptions } from './seed/seed-options.ts';
import { UsageError } from './usage-error.ts';

/** `npm run load`: see `help.ts`. */
const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(help);
  process.exit(0);
}
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(130);
    console.error('\nEnding; once more Ctrl-C ends at once.');
    stop.abort();
  });
}
try {
  if (args[0] === 'seed') {
    const options = parseSeedOptions(args.slice(1), process.env);
    await (options.remove ? removeSeed : seed)(options, stop.signal);
  } else {
    process.exitCode = await runLoad(parseOptions(args), process.env, stop.signal);
  }
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
