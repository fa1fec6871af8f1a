/** Redis servers that work as one. They are plain processes of this machine, hold nothing at first and go with this process. */
export interface Topology {
  /** For a client: complete address with the password in it, so never log it. */
  readonly connection: {
    url: string;
    tls?: { ca: string; cert: string; key: string };
  };
  /** Ends all servers and removes their data. */
  stop(): Promise<void>;
}
