// A program: compiles the files that its arguments name, and all that these import, into NODE_COMPILE_CACHE.
import { pathToFileURL } from 'node:url';

// Node compiles all modules of a graph before it runs the first one, which ends it here: none of the files is run.
const stop = 'data:text/javascript,throw null';
const imports = [stop, ...process.argv.slice(2).map((file) => pathToFileURL(file).href)].map(
  (url) => `import ${JSON.stringify(url)};`,
);
await import(`data:text/javascript,${encodeURIComponent(imports.join(''))}`).catch(() => {});
