/** What is known of a service that is entered where services are listed. */
export interface ServiceToWire {
  name: string;
  camel: string;
  snake: string;
  http: boolean;
  queue: boolean;
  tables: boolean;
  session: boolean;
  port: number;
  internalPort: number;
  jobsPort: number;
  /** The number of its migration. */
  migration: number;
}

/** Adds lines above those that `turbo gen service` adds of this kind. */
export type Add = (path: string, what: string, lines: string) => void;

/** How the migrations are told the password of its role. */
export function passwordOf({ name, snake }: ServiceToWire): { setting: string; file: string } {
  return {
    setting: `DATABASE_PASSWORD_${snake.toUpperCase()}_FILE`,
    file: `database-password-${name}`,
  };
}
