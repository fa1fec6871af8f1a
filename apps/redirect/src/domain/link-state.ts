import { AppError } from '@shortstack/errors';
import type { FollowableLink } from './followable-link.ts';

/** Throws `LINK_GONE` for a link that is no longer in use. */
export function assertInUse(link: FollowableLink, now: number): void {
  if (link.goneAt <= now) throw linkGone();
}

export function linkNotFound(): AppError {
  return new AppError(
    'not_found',
    'LINK_NOT_FOUND',
    'There is no such short link. Check how it is spelled.',
  );
}

export function linkGone(): AppError {
  return new AppError('gone', 'LINK_GONE', 'This short link is no longer in use.');
}
