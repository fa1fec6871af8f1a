import { AppError } from '@shortstack/errors';
import { sendPage, wantsPage } from '@shortstack/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FollowableLink } from '../domain/followable-link.ts';
import { grantSeconds, type UnlockGrants } from '../domain/unlock-grant.ts';
import type { Gate } from './answer-with-care.ts';

const cookieName = 'unlocked';

/** Lets visitors pass who have given the link's password within the hour; asks the others for it. */
export function createPasswordGate(grants: UnlockGrants): Gate {
  return async (link, request, reply) => {
    if (link.passwordHash === null || isUnlocked(link, request, grants)) return true;
    if (!wantsPage(request)) {
      throw new AppError(
        'unauthenticated',
        'PASSWORD_REQUIRED',
        'This link asks for a password. POST it as `password`.',
      );
    }
    sendPasswordForm(reply, 200, '');
    return false;
  };
}

export function sendPasswordForm(reply: FastifyReply, status: number, fault: string): FastifyReply {
  const isWrong = fault !== '';
  const note = isWrong ? `<p class="note fault" id="note" role="alert">${fault}</p>` : '';
  const tied = isWrong ? ' aria-invalid="true" aria-describedby="note"' : '';
  return sendPage(reply, status, {
    title: 'This link asks for a password',
    body: `<p class="soft">Whoever gave you the link knows it.</p><form method="post">
<label>Password <input type="password" name="password" autocomplete="off" required autofocus maxlength="200"${tied}></label>${note}
<button class="full">Open</button></form>`,
  });
}

/** A grant for this link alone, and for its preview: the cookies' paths are theirs. */
export function setGrantCookie(
  reply: FastifyReply,
  slug: string,
  grant: string,
  isSecure: boolean,
): void {
  reply.header(
    'set-cookie',
    [`/${slug}`, `/${slug}+`].map(
      (path) =>
        `${cookieName}=${grant}; Max-Age=${grantSeconds}; Path=${path}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
    ),
  );
}

function isUnlocked(link: FollowableLink, request: FastifyRequest, grants: UnlockGrants): boolean {
  const given = request.headers.cookie
    ?.split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`));
  return (
    given?.some((pair) => grants.isValid(pair.slice(cookieName.length + 1), link, Date.now())) ??
    false
  );
}
