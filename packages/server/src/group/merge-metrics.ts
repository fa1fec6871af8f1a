/** What one process shows at `/metrics`. */
export interface ProcessMetrics {
  /** Becomes the label `process` of its series. */
  process: number;
  text: string;
}

interface Family {
  comments: string[];
  series: string[];
}

/**
 * Makes one exposition of several processes': each metric is described once, and its series follow, each with the process's
 * number. Expects what `createMetrics` renders: the comments of a metric right before its series.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function mergeMetrics(exposed: readonly ProcessMetrics[]): string {
  const families = new Map<string, Family>();
  for (const { process, text } of exposed) {
    let family: Family = { comments: [], series: [] };
    for (const line of text.split('\n')) {
      if (line.startsWith('#')) {
        const name = line.split(' ', 3)[2] ?? '';
        family = families.get(name) ?? { comments: [], series: [] };
        families.set(name, family);
        if (!family.comments.includes(line)) family.comments.push(line);
      } else if (line !== '') {
        family.series.push(labelled(line, `process="${process}"`));
      }
    }
  }
  const lines = [...families.values()].flatMap(({ comments, series }) => [...comments, ...series]);
  return `${lines.join('\n')}\n`;
}

/** `name 1` or `name{other="x"} 1` with one more label. */
function labelled(line: string, label: string): string {
  const end = line.search(/[ {]/);
  const name = line.slice(0, end);
  return line[end] === '{'
    ? `${name}{${label},${line.slice(end + 1)}`
    : `${name}{${label}}${line.slice(end)}`;
}
