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
  const cells = (texts: readonly string[], tag: string) =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `${heading}<div class="wide"><table><thead>${cells(columns, 'th')}</thead><tbody>${rows
    .map((row) => cells(row, 'td'))
    .join('')}</tbody></table></div>`;
}

const style = `
:root{color-scheme:light dark;--text:#1d2733;--soft:#64707d;--line:#d9dee4;--bad:#b42318;--good:#2f6f4f;--back:#fff}
@media(prefers-color-scheme:dark){:root{--text:#e4e9ee;--soft:#98a3ae;--line:#39434e;--bad:#ff8a7a;--good:#7fd1a4;--back:#151a20}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:960px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .3rem}p{margin:.3rem 0}
.subtitle,figcaption p{color:var(--soft)}
.finding{border-left:4px solid var(--good);padding:.3rem .8rem;margin:.8rem 0}.finding.bad{border-color:var(--bad);color:var(--bad)}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.25rem .9rem;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0}th{color:var(--soft);font-weight:500}
figure{margin:0}svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.legend span{margin-right:1rem}.legend span::before{content:"";display:inline-block;width:1.2em;height:3px;margin-right:.4em;vertical-align:middle;background:currentColor}
.s0{color:#2a6fdb}.s1{color:#d9701a}.s2{color:#2f9e6e}.s3{color:#b0408f}.s4{color:#8a7a1f}.s5{color:#c0392b}
`;
