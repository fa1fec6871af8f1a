export interface TestPostgres {
  /** Superuser, database `postgres`. */
  url: string;
  /** The migrated database that each test database is a copy of. */
  template: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestPostgres;
  }
}
