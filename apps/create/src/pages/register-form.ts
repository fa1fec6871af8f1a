import type { Page } from '@shortstack/server';
import { formField } from './form-field.ts';
import { hiddenGoal, issuerLinks, notice, queryOf, type SignInGoal } from './sign-in-goal.ts';

export interface RegisterForm extends SignInGoal {
  fault?: string;
  /** What is wrong with single fields. */
  faults?: Partial<Record<'email' | 'name' | 'password', string | undefined>>;
  /** As they were typed. */
  email?: string;
  name?: string;
  providers: readonly { id: string; name: string }[];
}

/** Making an account by e-mail and password, or with an issuer. */
export function registerForm(form: RegisterForm): Page {
  const { fault, faults = {}, email = '', name = '', providers, ...goal } = form;
  const isFresh = faults.email !== undefined || email === '';
  return {
    title: 'Create an account',
    body: `${notice(fault)}${issuerLinks(providers, goal)}<form method="post" action="/register">
${hiddenGoal(goal)}
${formField({ name: 'email', label: 'E-mail', type: 'email', autocomplete: 'username', maxLength: 254, value: email, fault: faults.email, hasFocus: isFresh })}
${formField({ name: 'name', label: 'Name (optional)', type: 'text', autocomplete: 'name', maxLength: 100, value: name, isRequired: false, fault: faults.name })}
${formField({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', maxLength: 200, hint: 'At least 8 characters', fault: faults.password, hasFocus: !isFresh })}
<button class="full">Create account</button></form>
<p class="aside">Have an account? <a href="/sign-in${queryOf(goal)}">Sign in</a></p>`,
  };
}
