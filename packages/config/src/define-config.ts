import Type, { type Static, type TObject, type TProperties } from 'typebox';

/** The settings of one process: environment variable name → setting. */
export type ConfigSchema<T extends TProperties = TProperties> = TObject<T>;

/** What `loadConfig` returns for a schema. Settings made optional may be absent. */
export type ConfigOf<S extends TObject> = Static<S>;

/**
 * Names the settings of one process. Every key is the name of an environment variable.
 * Spread groups of settings that several processes share.
 */
export function defineConfig<T extends TProperties>(settings: T): ConfigSchema<T> {
  return Type.Object(settings);
}
