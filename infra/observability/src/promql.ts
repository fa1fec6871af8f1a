/** What a query asks for: a metric, and the labels that it filters by. */
export interface Selected {
  metric: string;
  labels: string[];
}

const words = new Set(
  'and or unless on ignoring group_left group_right by without bool offset atan2'.split(' '),
);

/** The metrics that a PromQL expression selects. It reads names, not the grammar: for expressions that promtool has checked. */
export function selectedMetrics(expression: string): Selected[] {
  const plain = expression
    .replace(/^\s*#.*$/gm, '')
    // Lists of labels, which are no metrics.
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ');
  const found = plain.matchAll(/"[^"]*"|([a-zA-Z_:][\w:]*)\s*(?:\{((?:[^}"]|"[^"]*")*)\}|(\())?/g);
  return [...found].flatMap(([, metric, matchers = '', call]) => {
    if (metric === undefined || call !== undefined || words.has(metric)) return [];
    const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g)];
    return [{ metric, labels: labels.map(([, label = '']) => label) }];
  });
}
