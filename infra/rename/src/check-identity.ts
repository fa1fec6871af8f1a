import type { Identity } from './identity.ts';
import { RenameError } from './rename-error.ts';

// What npm scopes, DNS labels, unquoted PostgreSQL identifiers, Prometheus metrics, TypeScript identifiers and Docker names all allow.
// The length leaves room for what the tree puts around it: 63 bytes is the limit of PostgreSQL, DNS and Kubernetes.
const NAME = /^[a-z][a-z0-9]{2,19}$/;
// Stands between any quotes, in YAML, HTML and, beside a domain, in the subject of a certificate, which holds 64 characters.
const TITLE = /^[A-Z][A-Za-z0-9]*(?:[ .-][A-Za-z0-9]+)*$/;
const MAX_TITLE = 24;

/** Throws `RenameError` with the rule if a name or title can't be used everywhere. */
export function checkIdentity({ name, title }: Identity): void {
  if (!NAME.test(name)) {
    throw new RenameError(
      `"${name}" can't be the name: it becomes the npm scope, a DNS label, PostgreSQL and Docker names and the prefix of metrics, so it has 3 to 20 characters, lower-case letters and digits alone, and begins with a letter.`,
    );
  }
  if (!TITLE.test(title) || title.length > MAX_TITLE) {
    throw new RenameError(
      `"${title}" can't be the title: it stands in pages, YAML, source text and certificates, so it has at most ${MAX_TITLE} characters, letters and digits with single spaces, dots or hyphens between words, and begins with a capital.`,
    );
  }
}
