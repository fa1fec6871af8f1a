/** Which Redis to use, and how to prove it with TLS. */
export interface RedisTarget {
  /**
   * | form | what it reaches |
   * |---|---|
   * | `redis://user:password@host:6379/0` | a server |
   * | `unix:///run/redis.sock?db=0&username=…&password=…` | a server through its socket |
   * | `redis+cluster://user:password@host1:6379,host2:6379` | a Cluster, found through any of these nodes |
   * | `redis+sentinel://user:password@host1:26379,host2:26379/0?master=name` | the master that these Sentinels name |
   *
   * `rediss://`, `rediss+cluster://` and `rediss+sentinel://` use TLS. Sentinels that ask for a password of their own get
   * `&sentinelUsername=…&sentinelPassword=…`. Characters with a meaning in URLs are percent-encoded.
   */
  url: string;
  /** For the URLs that use TLS; ignored for the others. */
  tls?: RedisTls | undefined;
}

/** All in PEM. The server's certificate is always checked. */
export interface RedisTls {
  /** Who vouches for the server's certificate. Default: Node's list. */
  ca?: string | undefined;
  /** The certificate of this client, where the server asks for one (`tls-auth-clients`), and its key. */
  cert?: string | undefined;
  key?: string | undefined;
  /** The name that the server's certificate must hold. Default: the host that is connected to. */
  servername?: string | undefined;
}
