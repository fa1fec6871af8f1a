import { AppError } from '@shortstack/errors';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { compileCoercion } from './coerce-text.ts';
import { createValidator } from './create-validator.ts';
import { isStorable } from './unstorable-text.ts';

const partNames: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/**
 * Validates requests with TypeBox. Bodies are taken literally: nothing is coerced, filled in or removed.
 * Query and path parameters, being text, are read as the schema's types first.
 * A fault is an AppError `VALIDATION_FAILED` (kind `invalid`) with the path of each faulty field.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validate = createValidator(schema);
  const partName = partNames[httpPart ?? 'body'] ?? 'request';

  const check = (value: unknown) => {
    const { errors } = validate(value);
    if (errors === undefined) return { value };
    const detail = `The ${partName} is not as this call expects it.`;
    return {
      error: new AppError('invalid', 'VALIDATION_FAILED', detail, { fields: errors }),
    };
  };
  if (httpPart !== 'querystring' && httpPart !== 'params') return check;

  const coerce = compileCoercion(schema);
  return (values: Record<string, unknown>) => {
    for (const name in values) {
      if (!hasStorableText(name, values[name])) {
        const detail = `The ${partName} contains a NUL character, which is no text.`;
        return { error: new AppError('invalid', 'TEXT_INVALID', detail) };
      }
    }
    coerce(values);
    return check(values);
  };
};

function hasStorableText(name: string, value: unknown): boolean {
  if (!isStorable(name)) return false;
  if (Array.isArray(value)) return value.every((item) => isStorable(String(item)));
  return typeof value !== 'string' || isStorable(value);
}
