/**
 * A running Shortstack as its users see it. Suites that need no more can be run against any stack;
 * those that take servers away need a `LocalStack`.
 */
export interface Stack {
  /** Where create listens: API and sign-in. */
  readonly appOrigin: string;
  /** Where redirect listens. */
  readonly shortOrigin: string;
  /** Where worker listens. */
  readonly opsOrigin: string;
}
