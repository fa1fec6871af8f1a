import { escapeHtml, type Page } from '@shortstack/server';

/** Where signing in leads, and for which other site. */
export interface SignInGoal {
  /** An address of ours. */
  target: string;
  /** What the other site sent along; empty where there is none. */
  challenge: string;
}

export interface SignInForm extends SignInGoal {
  /** What went wrong, and what to do. */
  fault?: string;
  /** As it was typed; never the password. */
  email?: string;
  providers: readonly { id: string; name: string }[];
}

/** Signing in by e-mail and password, or with an issuer. */
export function signInForm({ target, challenge, fault, email = '', providers }: SignInForm): Page {
  return {
    title: 'Sign in',
    body: `${notice(fault)}${issuerLinks(providers, { target, challenge })}<form method="post" action="/sign-in">
${hidden({ target, challenge })}
<label>E-mail <input type="email" name="email" value="${escapeHtml(email)}" autocomplete="username" required${email === '' ? ' autofocus' : ''} maxlength="254"></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required${email === '' ? '' : ' autofocus'} maxlength="200"></label>
<button class="full">Sign in</button></form>
<p>New here? <a href="/register${escapeHtml(query({ target, challenge }))}">Create an account</a></p>`,
  };
}

export function notice(fault: string | undefined): string {
  return fault ? `<p class="fault" role="alert">${escapeHtml(fault)}</p>` : '';
}

export function hidden({ target, challenge }: SignInGoal): string {
  return `<input type="hidden" name="returnTo" value="${escapeHtml(target)}">
<input type="hidden" name="challenge" value="${escapeHtml(challenge)}">`;
}

/** `?returnTo=…`, so that every way of signing in leads to the same place. */
export function query({ target, challenge }: SignInGoal): string {
  const fields = { returnTo: target, ...(challenge === '' ? {} : { challenge }) };
  return `?${new URLSearchParams(fields).toString()}`;
}

export function issuerLinks(
  providers: readonly { id: string; name: string }[],
  goal: SignInGoal,
): string {
  const links = providers.map(
    ({ id, name }) =>
      `<a class="button quiet full" href="/api/auth/oidc/${id}${escapeHtml(query(goal))}">Continue with ${escapeHtml(name)}</a>`,
  );
  return links.length === 0
    ? ''
    : `<div class="issuers">${links.join('\n')}</div><p class="or">or</p>`;
}
