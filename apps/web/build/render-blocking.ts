import type { Plugin } from 'vite';

/**
 * Nothing is painted before the entry's script has run: it sets the theme, and an inline script that would do it
 * earlier is what the policy forbids.
 */
export function renderBlocking(): Plugin {
  return {
    name: 'render-blocking',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replace('<script type="module" ', '<script type="module" blocking="render" '),
    },
  };
}
