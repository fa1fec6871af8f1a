import type { RedisConnection } from '@shortstack/redis';
import type { Session, SessionCodec, SessionData } from './session.ts';
import type { RandomBytes } from './session-token.ts';

export interface SessionStoreOptions<Data> {
  /** The session Redis: `noeviction`, `appendfsync always`. */
  redis: RedisConnection;
  codec: SessionCodec<Data>;
  /**
   * Encrypts the user's id and the data in Redis: `id:secret,id:secret…`, each secret a random text of at least 32 characters. The first
   * key encrypts, all decrypt: a new one is added last everywhere, then put first, and the old one taken away when the absolute TTL
   * has passed. What no key opens is no session, so switching encryption on or off signs everybody out. Default: not encrypted.
   */
  encryptionKeys?: string | undefined;
  /** A session ends after this long without use. */
  idleTtlSeconds: number;
  /** A session ends after this long, used or not. At least the idle TTL. */
  absoluteTtlSeconds: number;
  /**
   * For a service that signs nobody in, and whose Redis user should not be able to: prolongs sessions in use without writing into
   * them. When they were last seen then shows in `list` alone. Default false.
   */
  prolongOnly?: boolean;
  /** A session in use is written at most this often. At most half the idle TTL. */
  touchIntervalSeconds: number;
  /** Signing in once more ends the session that would have expired first. */
  maxSessionsPerUser: number;
  /**
   * The origin of this service if it is another site than the one that signs in, such as `https://sho.rt`: tokens and codes made
   * for it are accepted here, and here alone. Default: none are.
   */
  site?: string;
  /** Milliseconds that never go back, for throttling alone. Default `performance.now`. All times that are stored are Redis's own. */
  now?: () => number;
  /** Default: that of `node:crypto`. */
  randomBytes?: RandomBytes;
}

export interface NewSession<Data> {
  userId: string;
  /** The user's, from `newSessionTag`. */
  tag: string;
  data: Data;
}

export interface SessionWithToken<Data> {
  /** For the cookie and nothing else. It can't be had again: only a hash of it is stored. */
  token: string;
  session: Session<Data>;
}

/**
 * Sessions that several services share through one Redis. Nothing is cached: what one service ends has ended for all.
 *
 * Every method rejects with an `AppError` of kind `unavailable` (`REDIS_UNAVAILABLE`) when Redis is away, slow or loading,
 * and changes do so too when it is full or read-only (`SESSIONS_READ_ONLY`). So an outage is never mistaken
 * for "not signed in". A change that was rejected because Redis was slow may still have happened. Each costs one round trip.
 */
export interface SessionStore<Data = SessionData> {
  /** Starts a session. Call it before anything else is written: it is what fails when Redis can't. */
  create(session: NewSession<Data>): Promise<SessionWithToken<Data>>;
  /**
   * The session of a token, or null. What can't be a token is answered without asking Redis. Also prolongs the
   * session, in the background: that may fail (read-only, full) without the caller noticing.
   */
  read(token: string): Promise<Session<Data> | null>;
  /**
   * A code with which another site can read this session until it ends. Good once, for 60 s, at that origin, and for
   * whoever knows the secret of which `challenge` is the SHA-256 (base64url): so it can be neither stolen nor planted.
   * Null for what can't be the token of a session or a challenge.
   */
  issueCode(token: string, options: { site: string; challenge: string }): Promise<string | null>;
  /**
   * Exchanges a code for a token of this site (`site` in the options), which can do nothing but `read`. It replaces the one that
   * the site had of that session, and stops working when the session ends or is rotated. Null if the code is not
   * valid (any more), was made for another site or another secret, or its session has ended.
   */
  redeemCode(code: string, verifier: string): Promise<SessionWithToken<Data> | null>;
  /** Whether a session has not ended. Doesn't prolong it, so one that is only looked on at ends in its time. */
  isAlive(tag: string, id: string): Promise<boolean>;
  /** Sets the given fields of the data and leaves the others alone. False if the session has ended: it stays so. */
  update(token: string, fields: Partial<Data>): Promise<boolean>;
  /** Gives a session a new secret and id; the old token stops working at once. Null if it has ended. */
  rotate(token: string): Promise<SessionWithToken<Data> | null>;
  /** Ends a session. False if it had ended before. */
  end(token: string): Promise<boolean>;
  /** Ends one of a user's sessions by its public id. False if there is none. */
  endById(tag: string, id: string): Promise<boolean>;
  /** Ends all of a user's sessions and returns how many there were. */
  endAll(tag: string): Promise<number>;
  /** A user's sessions, the one used last first. Two round trips. */
  list(tag: string): Promise<Session<Data>[]>;
}
