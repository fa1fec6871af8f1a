import { AppError, unavailable } from '@shortstack/errors';

/** Replies of a server that is up and can serve nobody. */
const awayReplies = new Set(['LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'NOAUTH']);
/** Replies of a server that refuses writes while it still answers reads. */
const fullReplies = new Set(['OOM', 'MISCONF', 'NOREPLICAS']);
const authReplies = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM']);

/**
 * Whether Redis refused a write because it is a read-only replica. Reads still succeed there, so it is not
 * turned into `REDIS_UNAVAILABLE`: a caller may skip a write that it can do without.
 */
export function isReadOnlyError(error: unknown): boolean {
  return replyCode(error) === 'READONLY';
}

/** Whether Redis answered that it can't do this now: loading, without its master, full, unable to write to disk. */
export function isUnavailableReply(error: unknown): boolean {
  const code = replyCode(error);
  return code !== undefined && (awayReplies.has(code) || fullReplies.has(code));
}

/** Whether the server refused the user name or password of the connection. */
export function isAuthError(error: unknown): boolean {
  const code = replyCode(error);
  return code !== undefined && authReplies.has(code);
}

/** How a server failed to prove itself over TLS, as the end of a sentence; undefined for any other error. */
export function tlsFault(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'has a certificate for another host name than its URL';
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'does not speak TLS as it should';
  const isDistrusted = /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_)/.test(code);
  return isDistrusted
    ? `has a certificate that the authority of this service does not vouch for (${code})`
    : undefined;
}

/** Whether an error says that the server as a whole is away: no answer, or an answer that nothing works. */
export function isAway(error: unknown): boolean {
  const code = replyCode(error);
  if (code !== undefined) return awayReplies.has(code);
  return !(error instanceof AppError) || error.code === 'REDIS_UNAVAILABLE';
}

/** The one error for "Redis can't be used now". The cause is for the log. */
export function redisUnavailable(name: string, cause?: unknown): AppError {
  return unavailable('REDIS_UNAVAILABLE', `Redis (${name}) is not available at the moment.`, {
    cause: withoutArguments(cause),
  });
}

/** Takes the arguments off an error of the driver: they hold passwords (HELLO, AUTH) and users' data. */
export function withoutArguments(error: unknown): unknown {
  if (error instanceof Error && 'command' in error) {
    const { command } = error as { command?: { name?: string } };
    Object.assign(error, { command: { name: command?.name } });
  }
  return error;
}

/** The first word of an error that Redis itself answered; undefined for any other error. */
export function replyCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return undefined;
  return /^-?([A-Z]+)/.exec(error.message)?.[1] ?? 'ERR';
}
