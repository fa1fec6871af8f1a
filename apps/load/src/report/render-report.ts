import { escapeHtml } from './escape-html.ts';
import { type Plot, renderPlot } from './render-plot.ts';

export interface Table {
  title?: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

export interface Report {
  title: string;
  /** What was measured where; one line. */
  subtitle?: string;
  /** What the reader should know first; `bad` shows it as a warning. */
  findings?: readonly { text: string; bad: boolean }[];
  tables: readonly Table[];
  plots: readonly Plot[];
}

/** A page that stands alone: no script, no font, no image is fetched. Light or dark as the reader's system is. */
export function renderReport({ title, subtitle, findings = [], tables, plots }: Report): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body>
<h1>${escapeHtml(title)}</h1>
${subtitle === undefined ? '' : `<p class="subtitle">${escapeHtml(subtitle)}</p>`}
${findings.map(({ text, bad }) => `<p class="finding${bad ? ' bad' : ''}">${escapeHtml(text)}</p>`).join('\n')}
${tables.map(renderTable).join('\n')}
${plots.map(renderPlot).join('\n')}
</body></html>
`;
}

function renderTable({ title, columns, rows }: Table): string {
  const heading = title === undefined ? '' : `<h2>${escapeHtml(title)}</h2>`;
  const names = columns.map((name) => escapeHtml(name));
  const row = (cells: readonly string[]) =>
    // On a narrow screen each cell stands below the last, with the name of its column.
    cells.map((text, at) => `<td data-name="${names[at] ?? ''}">${escapeHtml(text)}</td>`).join('');
  return `${heading}<table${columns.length > 3 ? ' class="wide"' : ''}><thead><tr>${names
    .map((name) => `<th>${name}</th>`)
    .join(
      '',
    )}</tr></thead><tbody>${rows.map((cells) => `<tr>${row(cells)}</tr>`).join('')}</tbody></table>`;
}

const style = `
:root{color-scheme:light dark;--text:#1d2733;--soft:#64707d;--line:#d9dee4;--bad:#b42318;--good:#2f6f4f;--back:#fff}
@media(prefers-color-scheme:dark){:root{--text:#e4e9ee;--soft:#98a3ae;--line:#39434e;--bad:#ff8a7a;--good:#7fd1a4;--back:#151a20}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:1120px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .3rem}p{margin:.3rem 0}
.subtitle,figcaption p{color:var(--soft)}
.finding{border-left:4px solid var(--good);padding:.3rem .8rem;margin:.8rem 0}.finding.bad{border-color:var(--bad);color:var(--bad)}
table{border-collapse:collapse;min-width:min(100%,32rem);font-variant-numeric:tabular-nums}
th,td{text-align:right;vertical-align:baseline;padding:.25rem .6rem;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}th:first-child,td:first-child{text-align:left;padding-left:0;overflow-wrap:anywhere}
th{color:var(--soft);font-weight:500}.wide{width:100%}
@media(max-width:640px){.wide thead{display:none}.wide tr,.wide td{display:block}.wide tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
.wide td{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.05rem 0}.wide td:first-child{font-weight:600}
.wide td:not(:first-child)::before{content:attr(data-name);color:var(--soft)}.wide td:empty{display:none}}
figure{margin:0}.plot{overflow-x:auto}svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
@media(max-width:640px){svg{min-width:600px}svg text{font-size:15px}}
.grid{stroke:var(--line);stroke-width:1}.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.legend span{margin-right:1rem}.legend span::before{content:"";display:inline-block;width:1.2em;height:3px;margin-right:.4em;vertical-align:middle;background:currentColor}
.s0{color:#2a6fdb}.s1{color:#d9701a}.s2{color:#2f9e6e}.s3{color:#b0408f}.s4{color:#8a7a1f}.s5{color:#c0392b}
`;
