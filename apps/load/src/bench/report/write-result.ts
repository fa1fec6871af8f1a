import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from '../bench-options.ts';
import { type Result, resultAsHtml, resultAsJson, resultAsMarkdown } from './result.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Writes the reports into `out`, with `save` as dated ones into `docs/benchmarks`, and resolves to their paths. */
export async function writeResult(
  result: Result,
  { save, out }: Pick<BenchOptions, 'save' | 'out'>,
): Promise<string[]> {
  const directory = save ? join(root, 'docs/benchmarks') : resolve(root, out);
  const name = save ? result.finishedAt.slice(0, 10) : 'latest';
  const contents = {
    ...(save && { md: resultAsMarkdown(result) }),
    json: resultAsJson(result),
    html: resultAsHtml(result),
  };
  await mkdir(directory, { recursive: true });
  return Promise.all(
    Object.entries(contents).map(async ([extension, text]) => {
      const file = join(directory, `${name}.${extension}`);
      await writeFile(file, text);
      return relative(process.cwd(), file);
    }),
  );
}
