import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center }
main { box-sizing: border-box; max-width: 34rem; padding: 2rem }
main.wide { max-width: none; width: 100%; place-self: start; font-size: .95rem }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1rem }
a { overflow-wrap: anywhere }
label { display: block; margin: 0 0 .75rem }
input { display: block; box-sizing: border-box; width: 100% }
input, button { font: inherit; padding: .5rem .75rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid #8884 }
th { font-weight: 600; white-space: nowrap }
td { overflow-wrap: break-word }
.ready { color: #1a7f37 }
.fault { color: #b3261e }
@media (prefers-color-scheme: dark) { .ready { color: #6fdd8b } .fault { color: #ffb4ab } }
`;

/**
 * The policy of every page: no script, nothing loaded. No `form-action`: Chrome applies it to the redirects after a
 * submission too, so that a form that leads on to another site would fail.
 */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

export interface Page {
  title: string;
  /** HTML: escape what comes from outside. */
  body: string;
  /** `narrow` (default) for a few sentences, `wide` for tables. */
  layout?: 'narrow' | 'wide';
  /** Loads itself again after this long. Default: never. */
  refreshSeconds?: number;
}

/** A complete page without scripts, in the one design of all services. */
export function renderPage({ title, body, layout = 'narrow', refreshSeconds }: Page): string {
  const refresh =
    refreshSeconds === undefined ? '' : `\n<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh}
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body><main class="${layout}"><h1>${escapeHtml(title)}</h1>${body}</main></body>
</html>
`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
