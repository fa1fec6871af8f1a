import type { TSchema } from 'typebox';

interface Keywords {
  type: string;
  default?: unknown;
  items?: Keywords;
  properties?: Record<string, Keywords>;
}

type Coerce = (value: unknown) => unknown;

/**
 * Compiles what turns the texts of a query string or of path parameters into a schema's types:
 * numbers in plain decimal notation, `true` and `false`, a single value where a list is expected. What
 * doesn't read as the type is left as it is, for validation to refuse. Fills in top-level defaults.
 */
export function compileCoercion(schema: TSchema): (values: Record<string, unknown>) => void {
  const properties = Object.entries((schema as Keywords).properties ?? {});
  const steps = properties.flatMap(([name, keywords]) => {
    const coerce = coercionOf(keywords);
    return coerce || keywords.default !== undefined
      ? [{ name, coerce: coerce ?? keep, fallback: keywords.default }]
      : [];
  });
  return (values) => {
    for (const { name, coerce, fallback } of steps) {
      const value = values[name];
      if (value !== undefined) values[name] = coerce(value);
      else if (fallback !== undefined) values[name] = fallback;
    }
  };
}

const keep: Coerce = (value) => value;

function coercionOf(keywords: Keywords): Coerce | undefined {
  switch (keywords.type) {
    case 'integer':
    case 'number':
      return (value) => (typeof value === 'string' && isDecimal(value) ? Number(value) : value);
    case 'boolean':
      return (value) => (value === 'true' ? true : value === 'false' ? false : value);
    case 'array': {
      const coerceItem = (keywords.items && coercionOf(keywords.items)) ?? keep;
      return (value) => (Array.isArray(value) ? value : [value]).map(coerceItem);
    }
    default:
      return undefined;
  }
}

function isDecimal(text: string): boolean {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text);
}
