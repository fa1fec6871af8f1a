/** The JSON Schema keywords (and `unit`, `protocols`) that `setting.*` writes. */
export interface SettingKeywords {
  type: 'integer' | 'number' | 'string' | 'boolean' | 'array';
  description: string;
  default?: unknown;
  /** How `.env.example` shows a default that differs from machine to machine. */
  shownDefault?: string;
  unit?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: 'url' | 'origin';
  protocols?: readonly string[];
  enum?: readonly string[];
  /** May hold a secret: never printed, and readable from a file. */
  writeOnly?: boolean;
}

/** The meaning without its full stop, so that it can stand inside a sentence. */
export function describeSetting(keywords: SettingKeywords): string {
  return keywords.description.replace(/\.$/, '');
}

/** A value as it is written in the environment. */
export function writeValue(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
