import { AppError } from '@shortstack/errors';
import type { FollowableLink } from './followable-link.ts';

/** Throws what a visitor is told of a link that can't be followed: `LINK_NOT_FOUND` or `LINK_GONE`. */
export function assertFollowable(
  link: FollowableLink | null,
  now: number,
): asserts link is FollowableLink {
  if (link === null) throw linkNotFound();
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
