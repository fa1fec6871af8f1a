import { AppError } from '@shortstack/errors';
import { databaseErrorOf } from './availability.ts';

/** SQLSTATEs of a login that is refused, and of a database that isn't there: 28000, 28P01, 3D000, 42501. */
const refused = /^(28|3D000|42501)/;
const distrusted = /^(ERR_TLS_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/;

/** AppError `DATABASE_REFUSED` (kind `internal`) with a sentence, for what waiting can't help; undefined for any other error. */
export function asRefusal(error: unknown): AppError | undefined {
  const { code = '', message } = databaseErrorOf(error);
  const fault = faultOf(code, message);
  if (fault === undefined) return undefined;
  return new AppError('internal', 'DATABASE_REFUSED', `PostgreSQL ${fault}.`, { cause: error });
}

function faultOf(code: string, message: string): string | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'has a certificate for another host name than its URL';
  }
  if (distrusted.test(code)) {
    return `has a certificate that the authority of this service does not vouch for (${code})`;
  }
  // Without a code: the driver's own sentence.
  if (/does not support SSL/.test(message)) return 'does not speak TLS';
  return refused.test(code) ? `refused this service: ${message}` : undefined;
}
