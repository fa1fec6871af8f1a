import Type, { type TSchema, type TUnsafe } from 'typebox';

interface Meaning<T> {
  /** What the setting does, in one sentence, as it appears in `.env.example`. */
  description: string;
  /** Used when the variable is unset or empty. Without one the variable must be set. */
  default?: T;
}

interface NumberSetting extends Meaning<number> {
  /** What the number counts: `ms`, `s`, `bytes`, `requests` … */
  unit?: string;
  minimum?: number;
  maximum?: number;
}

interface TextSetting extends Meaning<string> {
  /** How `.env.example` shows a default that differs from machine to machine. */
  shownDefault?: string;
  minLength?: number;
  maxLength?: number;
  /** A regular expression that the whole text must match; anchor it. */
  pattern?: string;
}

interface UrlSetting extends Meaning<string> {
  /** Allowed schemes without the colon, e.g. `['redis', 'rediss']`. Default: http and https. */
  protocols?: readonly string[];
}

interface SecretSetting {
  description: string;
  /** In characters. Default 16. */
  minLength?: number;
}

/**
 * Builds one setting each. A setting is a TypeBox schema whose extra keywords
 * (`unit`, `format`, `writeOnly` = may hold a secret) `loadConfig` and `renderEnvExample` read.
 */
export const setting = {
  /** A whole number: digits with an optional sign; `_` may group them (`65_536`). */
  integer: (options: NumberSetting) => Type.Integer({ ...options }),

  /** A decimal number such as `0.25`. */
  number: (options: NumberSetting) => Type.Number({ ...options }),

  /** Text as it stands, without surrounding white space. */
  text: (options: TextSetting) => Type.String({ ...options }),

  /** A secret: never printed, never defaulted, and readable from the file that `NAME_FILE` names. */
  secret: ({ description, minLength = 16 }: SecretSetting) =>
    Type.String({ description, minLength, writeOnly: true }),

  /**
   * An absolute URL, kept as written. It may carry a password, so it is never printed and may
   * come from the file that `NAME_FILE` names.
   */
  url: ({ protocols = ['http', 'https'], ...options }: UrlSetting) =>
    Type.String({ ...options, format: 'url', protocols, writeOnly: true }),

  /** An http(s) origin such as `https://app.example.com`: no path, and stored without a trailing slash. */
  origin: (options: Meaning<string>) => Type.String({ ...options, format: 'origin' }),

  /** One of a few words. */
  choice: <const V extends string>({
    values,
    ...options
  }: Meaning<NoInfer<V>> & { values: readonly V[] }): TUnsafe<V> =>
    Type.Unsafe<V>({ ...options, type: 'string', enum: values }),

  /** On or off: `true/false`, `on/off`, `yes/no` or `1/0`. */
  flag: (options: Meaning<boolean>) => Type.Boolean({ ...options }),

  /** Texts separated by commas; white space around them and empty ones are dropped. */
  list: (options: Meaning<readonly string[]>) =>
    Type.Unsafe<string[]>({ ...options, type: 'array', items: { type: 'string' } }),

  /** The setting may be left out; the property is then absent. */
  optional: <T extends TSchema>(schema: T) => Type.Optional(schema),
};
