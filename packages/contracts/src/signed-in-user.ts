/** What a session says of its user, besides the id. Written by create, read by every service. */
export interface SignedInUser {
  email: string;
  name: string;
  role: 'user' | 'admin';
  /** A preference of this session: the time zone of statistics. Default UTC. */
  timezone?: string;
  /** Where this session was begun, such as `Firefox on Linux`, as far as the browser said. */
  device?: string;
}

/** Field by field, as sessions are stored. Unknown fields are passed over; without a valid role nobody is signed in. */
export const signedInUserCodec = {
  encode: (fields: Partial<SignedInUser>): Record<string, string> => ({ ...fields }),
  decode({ email, name, role, timezone, device }: Record<string, string>): SignedInUser | null {
    if (email === undefined || (role !== 'user' && role !== 'admin')) return null;
    return {
      ...{ email, name: name ?? '', role },
      ...(timezone !== undefined && { timezone }),
      ...(device !== undefined && { device }),
    };
  },
};

/** The session cookie's name, without its prefix. */
export const sessionCookieName = 'shortstack_session';

/**
 * Where a service on another site than create's takes sessions over: `?code=…&returnTo=…`. No slug has a dot.
 */
export const handOverPath = '/.session';

/** For whom access tokens are made: the services of this system. */
export const accessTokenAudience = 'shortstack';

/** Where the services find the keys of access tokens, on create's internal listener. */
export const accessTokenKeysPath = '/.well-known/access-token-jwks.json';
