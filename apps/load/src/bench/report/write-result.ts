import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Result, resultAsHtml, resultAsJson, resultAsMarkdown } from './result.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Writes the reports, with `keep` as dated ones into `docs/benchmarks`, and resolves to their paths in the checkout. */
export async function writeResult(result: Result, { keep }: { keep: boolean }): Promise<string[]> {
  const directory = join(root, keep ? 'docs/benchmarks' : 'bench-results');
  const name = keep ? result.finishedAt.slice(0, 10) : 'latest';
  const contents = {
    ...(keep && { md: resultAsMarkdown(result) }),
    json: resultAsJson(result),
    html: resultAsHtml(result),
  };
  await mkdir(directory, { recursive: true });
  return Promise.all(
    Object.entries(contents).map(async ([extension, text]) => {
      const file = join(directory, `${name}.${extension}`);
      await writeFile(file, text);
      return relative(root, file);
    }),
  );
}
