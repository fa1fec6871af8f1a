/** A copy of a route's schema in which every schema that has an `$id` is a reference to it. */
export function nameSchemas<Schema>(schema: Schema): Schema {
  return visit(schema) as Schema;
}

function visit(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(visit);
  if (typeof value !== 'object' || value === null) return value;
  const { $id } = value as { $id?: unknown };
  if (typeof $id === 'string') return { $ref: `${$id}#` };
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, visit(item)]));
}
