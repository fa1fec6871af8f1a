/** Closed loop: each connection sends its next request when it has the answer to the last. */
export interface Load {
  /** Scheme, host and port. */
  origin: string;
  requests: Requests;
  /** Default 64, kept alive. */
  connections?: number;
  /** Of the tool; default 1. */
  threads?: number;
  seconds: number;
  headers?: Readonly<Record<string, string>>;
  /** What every answer must have; default 302. */
  status?: number;
}

type Requests =
  /** GET of one path. */
  | { kind: 'path'; path: string }
  /** GET of the slugs `prefix` and seven digits, numbered (first + i) × stride mod count: none twice before all were asked; ends after `limit` answers. */
  | {
      kind: 'numbered';
      prefix: string;
      first: number;
      stride: number;
      count: number;
      limit?: number;
    }
  /** POST of links, each with a URL of its own. */
  | { kind: 'create'; path: string; first: number };

export interface LoadResult {
  /** Complete answers. */
  answers: number;
  /** Requests begun, if they are numbered: a few more than were answered. */
  sent: number;
}

/** What brings load. */
export interface Driver {
  /** The tool and its version, for the report. */
  readonly name: string;
  /** At full speed. Rejects if an answer has another status than it should, or a connection breaks. */
  run(load: Load): Promise<LoadResult>;
}

/** A browser's, so that the service does what it does for people. */
export const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
