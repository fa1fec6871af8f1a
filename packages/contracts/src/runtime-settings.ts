import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const properties = {
  maintenance: Type.Boolean({
    description:
      'create refuses to write (503 `MAINTENANCE`); links are followed and clicks counted all the same. At first false',
  }),
  rateLimits: Type.Boolean({
    description:
      'Whether rate limits apply, in processes that were not started without them. At first true',
  }),
  linksPerMinute: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    description:
      'Links that an account, and each of its keys, may create one by one; half of them at once. At first 120',
  }),
  unknownSlugsPerMinute: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description:
      'How often an address may ask a redirect process for slugs that don’t exist. At first 60',
  }),
  traceRatio: Type.Number({
    minimum: 0,
    maximum: 1,
    description:
      'Share of the requests to create that are traced with all that follows from them, where a collector is configured; 0 traces none. At first 0.01',
  }),
  redirectTraceRatio: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'The same for requests to redirect. At first 0',
  }),
};

/** What administrators change while everything runs. Kept in PostgreSQL; each process that uses one follows it. */
export const RuntimeSettings = Type.Object(properties, { $id: 'RuntimeSettings' });
export type RuntimeSettings = Static<typeof RuntimeSettings>;

/** Only what is to change. */
export const UpdateRuntimeSettingsBody = Type.Partial(Type.Object(properties), {
  additionalProperties: false,
  minProperties: 1,
});
export type UpdateRuntimeSettingsBody = Static<typeof UpdateRuntimeSettingsBody>;

/** What changed is not said: whoever hears of it reads the settings. */
export const SettingsChanged = Type.Object({ changedAt: Type.String({ format: 'date-time' }) });

const defaults: RuntimeSettings = {
  maintenance: false,
  rateLimits: true,
  linksPerMinute: 120,
  unknownSlugsPerMinute: 60,
  traceRatio: 0.01,
  redirectTraceRatio: 0,
};

/** Settings as they are stored. Each that is missing, or that this version can't read, has its default; unknown ones are passed over. */
export function parseRuntimeSettings(stored: unknown): RuntimeSettings {
  const given = (stored ?? {}) as Record<string, unknown>;
  const readable = Object.entries(properties).filter(([name, schema]) =>
    Value.Check(schema, given[name]),
  );
  return { ...defaults, ...Object.fromEntries(readable.map(([name]) => [name, given[name]])) };
}
