import { AppError } from '@shortstack/errors';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';

interface Keywords {
  type?: string;
  properties?: Record<string, Keywords>;
  additionalProperties?: boolean | Keywords;
  patternProperties?: Record<string, Keywords>;
  items?: Keywords | Keywords[];
  anyOf?: Keywords[];
  oneOf?: Keywords[];
  allOf?: Keywords[];
}

const noQuery = { type: 'object', properties: {}, additionalProperties: false };

/**
 * Makes registering a route throw if an object in its body or query schema says nothing about further properties, so
 * that refusing unknown fields can't be forgotten (`additionalProperties: true` says it openly).
 *
 * A route with a schema but without one for the query takes no query parameters. Routes without any schema,
 * and those hidden from the documentation (`hide: true`), as plugins register them, take what comes.
 */
export function requireClosedSchemas(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    const schema: (FastifySchema & { hide?: boolean }) | undefined = route.schema;
    if (!schema) return;
    assertClosed(schema.body as Keywords | undefined, `body of ${nameOf(route)}`);
    assertClosed(schema.querystring as Keywords | undefined, `query of ${nameOf(route)}`);
    if (schema.querystring === undefined && schema.hide !== true) {
      route.schema = { ...schema, querystring: noQuery };
    }
  });
}

function nameOf({ method, url }: RouteOptions): string {
  return `${String(method)} ${url}`;
}

function assertClosed(schema: Keywords | undefined, where: string): void {
  if (typeof schema !== 'object') return;
  if (schema.properties && schema.additionalProperties === undefined) {
    throw new AppError(
      'internal',
      'SCHEMA_OPEN',
      `The schema of the ${where} must set additionalProperties (to false, so that unknown fields are refused).`,
    );
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    assertClosed(property, `${where}, ${name}`);
  }
  const { items, additionalProperties } = schema;
  const nested = [
    ...Object.values(schema.patternProperties ?? {}),
    ...(Array.isArray(items) ? items : [items]),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
  ];
  for (const each of nested) assertClosed(each, where);
}
