import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const style = ['tokens.css', 'page.css']
  .map((file) => readFileSync(require.resolve(`@shortstack/design/${file}`), 'utf8'))
  .join('');

const brand = `<header class="brand"><svg width="22" height="22" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><rect x="2" y="3" width="20" height="5" rx="2.5"/><rect x="2" y="9.5" width="14" height="5" rx="2.5"/><rect x="2" y="16" width="8" height="5" rx="2.5"/></svg>Shortstack</header>`;

/**
 * The policy of every page: no script, nothing loaded. No `form-action`: Chrome applies it to the redirects after a
 * submission too, so that a form that leads on to another site would fail.
 */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

export interface Page {
  title: string;
  /** HTML: escape what comes from outside. */
  body: string;
}

/** A complete page without scripts, in the design of `@shortstack/design`. */
export function renderPage({ title, body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>${brand}<main><div class="card"><h1>${escapeHtml(title)}</h1>${body}</div></main></body>
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
