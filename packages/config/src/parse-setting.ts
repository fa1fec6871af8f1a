import type { SettingKeywords } from './setting-keywords.ts';

export type ParsedSetting = { value: unknown; fault?: never } | { fault: string };

const on = new Set(['true', 'on', 'yes', '1']);
const off = new Set(['false', 'off', 'no', '0']);

/** Reads one non-empty text as the setting's type. A fault never repeats the text. */
export function parseSetting(text: string, keywords: SettingKeywords): ParsedSetting {
  switch (keywords.type) {
    case 'integer':
    case 'number':
      return parseNumber(text, keywords);
    case 'boolean':
      if (on.has(text.toLowerCase())) return { value: true };
      if (off.has(text.toLowerCase())) return { value: false };
      return { fault: 'must be true or false' };
    case 'array': {
      const items = text.split(',').map((item) => item.trim());
      return { value: items.filter((item) => item !== '') };
    }
    case 'string':
      return parseText(text, keywords);
  }
}

function parseNumber(text: string, { type, minimum, maximum }: SettingKeywords): ParsedSetting {
  const digits = text.replaceAll('_', '');
  const pattern = type === 'integer' ? /^[+-]?\d+$/ : /^[+-]?\d+(\.\d+)?$/;
  const value = Number(digits);
  if (!pattern.test(digits) || (type === 'integer' && !Number.isSafeInteger(value))) {
    return { fault: type === 'integer' ? 'must be a whole number' : 'must be a number' };
  }
  if (minimum !== undefined && value < minimum) return { fault: `must be at least ${minimum}` };
  if (maximum !== undefined && value > maximum) return { fault: `must be at most ${maximum}` };
  return { value };
}

function parseText(text: string, keywords: SettingKeywords): ParsedSetting {
  const { minLength, maxLength, pattern, format } = keywords;
  if (keywords.enum && !keywords.enum.includes(text)) {
    return { fault: `must be one of ${keywords.enum.join(', ')}` };
  }
  if (minLength !== undefined && text.length < minLength) {
    return { fault: `must have at least ${minLength} characters` };
  }
  if (maxLength !== undefined && text.length > maxLength) {
    return { fault: `must have at most ${maxLength} characters` };
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) {
    return { fault: `must match ${pattern}` };
  }
  if (format === 'url') return parseUrl(text, keywords.protocols ?? []);
  if (format === 'origin') return parseOrigin(text);
  return { value: text };
}

function parseUrl(text: string, protocols: readonly string[]): ParsedSetting {
  const allowed = protocols.map((protocol) => `${protocol}://`).join(' or ');
  if (!protocols.some((protocol) => text.startsWith(`${protocol}://`)) || !canParse(text)) {
    return { fault: `must be a URL that starts with ${allowed}` };
  }
  return { value: text };
}

/** A Cluster and Sentinels (`redis+cluster://a:1,b:2`) are named by several hosts, of which the first stands for all here. */
function canParse(text: string): boolean {
  const severalHosts = /^(\w+\+\w+:\/\/(?:[^@/?#]*@)?[^,/?#]*),[^/?#]*/;
  return URL.canParse(text.replace(severalHosts, '$1'));
}

function parseOrigin(text: string): ParsedSetting {
  const fault = 'must be an origin such as https://app.example.com: scheme, host and port alone';
  if (!URL.canParse(text)) return { fault };
  const url = new URL(text);
  const isBare = `${url.origin}/` === url.href;
  return isBare && /^https?:$/.test(url.protocol) ? { value: url.origin } : { fault };
}
