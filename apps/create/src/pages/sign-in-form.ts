import type { Page } from '@shortstack/server';
import { formField } from './form-field.ts';
import { hiddenGoal, issuerLinks, notice, queryOf, type SignInGoal } from './sign-in-goal.ts';

export interface SignInForm extends SignInGoal {
  /** What went wrong, and what to do. */
  fault?: string;
  /** As it was typed. */
  email?: string;
  providers: readonly { id: string; name: string }[];
}

/** Signing in by e-mail and password, or with an issuer. */
export function signInForm({ fault, email = '', providers, ...goal }: SignInForm): Page {
  const hasEmail = email !== '';
  return {
    title: 'Sign in',
    body: `${notice(fault)}${issuerLinks(providers, goal)}<form method="post" action="/sign-in">
${hiddenGoal(goal)}
${formField({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', maxLength: 254, value: email, hasFocus: !hasEmail })}
${formField({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', maxLength: 200, hasFocus: hasEmail })}
<button class="full">Sign in</button></form>
<p class="aside">New here? <a href="/register${queryOf(goal)}">Create an account</a></p>`,
  };
}
