/** Replaces every schema that has an `$id` by a reference to one copy of it under `components`, as readers expect. */
export function nameSchemas<Document extends object>(document: Document): Document {
  const schemas: Record<string, unknown> = {};

  function visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    const { $id, ...rest } = value as Record<string, unknown>;
    const visited = Object.fromEntries(
      Object.entries(rest).map(([name, item]) => [name, visit(item)]),
    );
    if (typeof $id !== 'string') return visited;
    schemas[$id] = visited;
    return { $ref: `#/components/schemas/${$id}` };
  }

  const named = visit(document) as Document & { components?: object };
  return { ...named, components: { ...named.components, schemas } };
}
