import { escapeHtml } from '@shortstack/server';

/** Where signing in leads, and for which other site. */
export interface SignInGoal {
  /** An address of ours. */
  target: string;
  /** What the other site sent along; empty where there is none. */
  challenge: string;
}

export function hiddenGoal({ target, challenge }: SignInGoal): string {
  return `<input type="hidden" name="returnTo" value="${escapeHtml(target)}">
<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">`;
}

/** `?returnTo=…` as it stands in HTML, so that every way of signing in leads to the same place. */
export function queryOf({ target, challenge }: SignInGoal): string {
  const fields = { returnTo: target, ...(challenge === '' ? {} : { challenge }) };
  return escapeHtml(`?${new URLSearchParams(fields).toString()}`);
}

/** One button for each issuer. */
export function issuerLinks(
  providers: readonly { id: string; name: string }[],
  goal: SignInGoal,
): string {
  if (providers.length === 0) return '';
  const links = providers.map(
    ({ id, name }) =>
      `<a class="button quiet full" href="/api/auth/oidc/${id}${queryOf(goal)}">Continue with ${escapeHtml(name)}</a>`,
  );
  return `<div class="stack">${links.join('\n')}</div><p class="or">or by e-mail</p>`;
}

/** What went wrong, read out at once. */
export function notice(fault: string | undefined): string {
  return fault ? `<p class="fault" role="alert">${escapeHtml(fault)}</p>` : '';
}
