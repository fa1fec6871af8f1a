/**
 * What a session carries beside its user, the same for every service that reads it. Declared by the application:
 *
 * ```ts
 * declare module '@shortstack/session' {
 *   interface SessionData { email: string; role: 'user' | 'admin' }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging in the application
export interface SessionData {}

/** One signed-in browser. */
export interface Session<Data = SessionData> {
  /** Public: may be shown and logged. Neither is it the secret, nor can the secret be computed from it. */
  readonly id: string;
  /** The user's tag, which all their sessions share. Only for `list`, `endById` and `endAll`. */
  readonly tag: string;
  readonly userId: string;
  readonly createdAt: Date;
  /** As of the last touch, so up to two touch intervals old; of touches by services that only prolong, `list` alone knows. */
  readonly lastSeenAt: Date;
  /** When it ends unless it is used again. */
  readonly expiresAt: Date;
  readonly data: Data;
}

/**
 * Turns session data into strings and back, field by field, so that concurrent updates of different fields both survive.
 * Services of version N and N+1 read each other's sessions: `decode` ignores fields that it doesn't know.
 */
export interface SessionCodec<Data> {
  encode(fields: Partial<Data>): Record<string, string>;
  /** Null for what can't be a valid session: whoever sends it counts as not signed in. */
  decode(fields: Record<string, string>): Data | null;
}
