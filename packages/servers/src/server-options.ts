export interface RedisOptions {
  /** Default: a free one. */
  port?: number;
  /** Never appears in `ps`. Default: none. */
  password?: string;
  /**
   * Whose password it is; may INFO. The user itself comes from `settings` (`aclfile`, or lines `user`). Default: the user
   * `default`, who gets the password here.
   */
  username?: string;
  /** A complete redis.conf (see `infra/redis`); what is set here overrides it. It includes no other file. */
  configFile?: string;
  /** As in redis.conf, such as `256mb`. Default: what the configuration file says, else no limit. */
  maxmemory?: string;
  /** Further lines of redis.conf, which win over everything else. */
  settings?: RedisSettings;
}

export type RedisCredentials = Pick<RedisOptions, 'username' | 'password'>;

/** Settings as in redis.conf; several values for one name become several lines. */
export type RedisSettings = Readonly<Record<string, string | number | readonly string[]>>;

/** Server parameters, as in postgresql.conf. */
export type PostgresSettings = Readonly<Record<string, string | number>>;

/** Where a natively started server keeps its data, and for how long. */
export type ServerPlace =
  | {
      /** Made if absent. As root, PostgreSQL's must lie where other users may go, so not below `/root`. */
      dataDirectory: string;
      ephemeral?: false;
    }
  | {
      /** The directory is removed on `stop`; the server also ends with this process. Nothing is synced. */
      ephemeral: true;
      /** One that an ephemeral server had before, to start on its data. Default: a new one. */
      dataDirectory?: string;
    };
