import type { ServiceRole } from '@shortstack/db';
import type { ServersBackend } from '@shortstack/servers';

/** What the global setup hands to the test files. */
export interface Provided {
  postgres: {
    /** Superuser, database `postgres`. */
    url: string;
    /** The migrated database that each test database is a copy of. */
    template: string;
    /** What PostgreSQL calls each service's role. */
    roles: Record<ServiceRole, string>;
  };
  servers: {
    /** What this test run starts its servers with. */
    backend: ServersBackend;
    /** And why, for a person to read. */
    description: string;
  };
}

declare module 'vitest' {
  export interface ProvidedContext extends Provided {}
}
