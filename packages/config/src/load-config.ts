import { readFileSync } from 'node:fs';
import { AppError, type FieldError } from '@shortstack/errors';
import type { TObject } from 'typebox';
import type { ConfigOf } from './define-config.ts';
import { parseSetting } from './parse-setting.ts';
import { describeSetting, type SettingKeywords } from './setting-keywords.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Turns environment variables into a typed, frozen object.
 *
 * An empty variable counts as unset. A secret or URL `NAME` may instead be read from the file
 * that `NAME_FILE` names (synchronously, once; a trailing line break is cut off). Variables that
 * the schema does not name are ignored.
 *
 * @throws AppError `CONFIG_INVALID` (kind `invalid`) that names every fault at once, in `fields`
 * and, one per line, in its message. No value of any variable is ever part of it.
 */
export function loadConfig<S extends TObject>(schema: S, env: Environment): ConfigOf<S> {
  const faults: FieldError[] = [];
  const config: Record<string, unknown> = {};
  const required = new Set<string>(schema.required);

  for (const [name, property] of Object.entries(schema.properties)) {
    const keywords = property as SettingKeywords;
    const fault = (message: string) =>
      faults.push({ path: name, message: `${message} (${describeSetting(keywords)})` });

    const raw = readRaw(name, keywords, env, schema.properties);
    if (raw.fault !== undefined) {
      fault(raw.fault);
    } else if (raw.text !== undefined) {
      const parsed = parseSetting(raw.text, keywords);
      if (parsed.fault === undefined) config[name] = parsed.value;
      else fault(parsed.fault);
    } else if (keywords.default !== undefined) {
      config[name] = keywords.default;
    } else if (required.has(name)) {
      fault(keywords.writeOnly ? `must be set, or ${name}_FILE` : 'must be set');
    }
  }

  if (faults.length > 0) throw configInvalid(faults);
  return Object.freeze(config) as ConfigOf<S>;
}

interface Raw {
  text?: string;
  fault?: string;
}

function readRaw(name: string, keywords: SettingKeywords, env: Environment, known: object): Raw {
  const text = env[name]?.trim() ?? '';
  const fileName = `${name}_FILE`;
  // A setting of that very name is no pointer to a file with the value of another.
  const file = keywords.writeOnly && !(fileName in known) ? (env[fileName] ?? '') : '';

  if (text !== '' && file !== '') return { fault: `set either ${name} or ${fileName}, not both` };
  if (file === '') return text === '' ? {} : { text };
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return content === ''
      ? { fault: `the file that ${fileName} names is empty` }
      : { text: content };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { fault: `the file that ${fileName} names can’t be read: ${code}` };
  }
}

function configInvalid(faults: FieldError[]): AppError {
  const lines = faults.map(({ path, message }) => `  ${path}: ${message}`);
  const count = faults.length === 1 ? 'One setting is' : `${faults.length} settings are`;
  return new AppError('invalid', 'CONFIG_INVALID', `${count} wrong:\n${lines.join('\n')}`, {
    fields: faults,
  });
}
