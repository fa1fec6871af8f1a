import { RegisterBody } from '@shortstack/contracts';
import { ipKey } from '@shortstack/rate-limit';
import { type AppServer, createValidator, sendPage } from '@shortstack/server';
import { register } from '../domain/sign-in.ts';
import { registerForm } from '../pages/register-form.ts';
import { acceptForms } from './accept-forms.ts';
import { leadTo } from './lead-to.ts';
import { spend } from './rate-limits.ts';
import { showForm } from './show-form.ts';
import { showRefusal } from './show-refusal.ts';
import type { SignInPageOptions } from './sign-in-page.ts';
import { handOverSession, portsFor, refuseForeignSignIn } from './start-session.ts';

export interface RegisterPageOptions extends SignInPageOptions {
  /** @throws AppError `unavailable` / `MAINTENANCE` */
  assertWritable: () => void;
}

/** `/register`: a form without scripts that makes an account and leads on as `/sign-in` does. */
export function registerPage(options: RegisterPageOptions) {
  const { ports, sessions, limits, appOrigin, returnTo, leadBack, providers } = options;
  const validate = createValidator(RegisterBody);

  return async (app: AppServer) => {
    acceptForms(app);

    showForm(app, '/register', {
      returnTo,
      leadBack,
      form: (goal) => registerForm({ ...goal, providers }),
    });

    app.post<{ Body: Record<string, string> }>(
      '/register',
      { schema: { hide: true }, onRequest: refuseForeignSignIn(appOrigin) },
      async (request, reply) => {
        const { email = '', password = '', name = '', challenge = '' } = request.body ?? {};
        const target = returnTo(request.body?.returnTo);
        const form = { target, challenge, email, name, providers };
        const faults = faultsOf({ email, password, name });
        if (faults) return sendPage(reply, 400, registerForm({ ...form, faults }));
        let location: string;
        try {
          options.assertWritable();
          await spend(reply, [[limits.registrationByAddress, ipKey(request.ip)]]);
          const { token } = await register(portsFor(ports, request), { email, password, name });
          location = await leadBack(token, target, challenge);
          await handOverSession(sessions, request, reply, token);
        } catch (error) {
          return showRefusal(reply, error, ({ code, detail }) =>
            registerForm({
              ...form,
              ...(code === 'EMAIL_TAKEN' ? { faults: { email: detail } } : { fault: detail }),
            }),
          );
        }
        return leadTo(reply, location, 303);
      },
    );
  };

  function faultsOf(body: RegisterBody) {
    const { errors = [] } = validate(body);
    const isWrong = (field: keyof RegisterBody) =>
      errors.some(({ path }) => path === `/${field}`) || (body[field] ?? '').includes('\0');
    if (errors.length === 0 && !Object.values(body).some((text) => text.includes('\0'))) {
      return null;
    }
    return {
      email: isWrong('email') ? 'Give an address such as ada@example.com.' : undefined,
      name: isWrong('name') ? 'Choose a name of at most 100 characters.' : undefined,
      password: isWrong('password') ? 'Choose a password of 8 to 200 characters.' : undefined,
    };
  }
}
