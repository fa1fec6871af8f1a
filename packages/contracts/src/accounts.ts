import Type, { type Static } from 'typebox';
import { pageOf } from './lists.ts';
import { nullable } from './nullable.ts';

const closed = { additionalProperties: false };
const Email = Type.String({ format: 'email', maxLength: 254 });

export const RegisterBody = Type.Object(
  {
    email: Email,
    password: Type.String({ minLength: 8, maxLength: 200, description: '8 to 200 characters' }),
    name: Type.Optional(Type.String({ maxLength: 100 })),
  },
  closed,
);
export type RegisterBody = Static<typeof RegisterBody>;

export const LoginBody = Type.Object(
  { email: Email, password: Type.String({ minLength: 1, maxLength: 200 }) },
  closed,
);
export type LoginBody = Static<typeof LoginBody>;

const Role = Type.Union([Type.Literal('user'), Type.Literal('admin')]);

export const User = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Role,
});
export type User = Static<typeof User>;

export const UserAnswer = Type.Object({ user: User });

export const SessionSummary = Type.Object({
  id: Type.String({ description: 'A public id; never the secret' }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** `{items, nextCursor}`; a user has so few sessions that there is only one page. */
export const SessionList = pageOf(
  Type.Object({
    ...SessionSummary.properties,
    lastSeenAt: Type.String({ format: 'date-time' }),
    device: nullable(Type.String({ description: 'Where it was begun, such as Firefox on Linux' })),
    isCurrent: Type.Boolean({ description: 'The session that asks' }),
  }),
);
export const SessionParams = Type.Object(
  { id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) },
  closed,
);

const TimeZone = Type.String({ maxLength: 64, description: 'IANA name' });

/** What is kept with the session. */
export const Preferences = Type.Object({ timezone: TimeZone }, closed);

export const MeAnswer = Type.Object({
  user: User,
  session: Type.Object({
    ...SessionSummary.properties,
    timezone: Type.Optional(TimeZone),
  }),
});

export const AccessTokenAnswer = Type.Object({
  accessToken: Type.String({ description: 'A JWT, for `Authorization: Bearer`' }),
  expiresAt: Type.String({ format: 'date-time' }),
});

/** As RFC 7517 has it. */
export const JsonWebKeySet = Type.Object({
  keys: Type.Array(Type.Record(Type.String(), Type.String())),
});

export const RotateTokenKeysBody = Type.Object(
  {
    revoke: Type.Optional(
      Type.Boolean({
        description:
          'Whether the keys so far are known to others: then their tokens are refused at once. Default false: they end by themselves',
      }),
    ),
  },
  closed,
);
export const RotatedTokenKey = Type.Object({
  kid: Type.String(),
  signsFrom: Type.String({ format: 'date-time' }),
});
