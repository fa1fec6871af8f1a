const secretNames = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'passwordHash',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'key',
  'apiKey',
  'privateKey',
  'credentials',
];

/** Where pino looks for secrets: fields of these names at the top and up to two levels below. */
export const secretPaths = secretNames.flatMap((name) => [
  `["${name}"]`,
  `*["${name}"]`,
  `*.*["${name}"]`,
]);

// Up to the last @ before a slash: passwords may hold an unescaped @.
const urlPassword = /:\/\/([^\s"':/@]*):[^\s"/]*@/g;

/** Replaces the password in every URL of a text: `redis://app:…@host` → `redis://app:[redacted]@host`. */
export function redactUrls(text: string): string {
  return text.replace(urlPassword, '://$1:[redacted]@');
}

// Each driver's way of putting values that may be personal into a message.
const driverParameters: [RegExp, string][] = [
  [/\n?\bparams: [\s\S]*$/, ' params: [redacted]'], // Drizzle: "Failed query: … params: …"
  [/(with args beginning with: )[\s\S]*$/, '$1[redacted]'], // Redis: unknown command
  [/(\b(?:syntax|value|range|representation)[^:"]*: )"[\s\S]*"/, '$1"[redacted]"'], // PostgreSQL, class 22
];

/** Cuts the parameters out of messages of PostgreSQL, Drizzle and Redis errors, and URL passwords out of any. */
export function redactMessage(message: string): string {
  let redacted = message;
  for (const [pattern, replacement] of driverParameters) {
    redacted = redacted.replace(pattern, replacement);
  }
  return redactUrls(redacted);
}
