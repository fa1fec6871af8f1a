import { readFileSync } from 'node:fs';
import { asyncApiDocument, eventTypes, LiveClicks, SettingsChanged } from '@shortstack/contracts';
import { Ajv } from 'ajv';
import Type, { type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';

const document = JSON.parse(JSON.stringify(asyncApiDocument())) as ReturnType<
  typeof asyncApiDocument
>;

/** What a JSON pointer of the document leads to. */
function resolve(pointer: string): unknown {
  return pointer
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
}

test('the document is valid AsyncAPI 3.0', () => {
  const schema = JSON.parse(
    readFileSync(new URL(import.meta.resolve('@asyncapi/specs/schemas/3.0.0.json')), 'utf8'),
  );
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, meta: false });
  const isValid = ajv.validate(schema, document);
  expect({ isValid, errors: ajv.errors }).toEqual({ isValid: true, errors: null });
});

test('all that it refers to is there', () => {
  const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
  expect(pointers.length).toBeGreaterThan(10);
  for (const [, pointer = ''] of pointers)
    expect({ [pointer]: resolve(pointer) }).not.toEqual({ [pointer]: undefined });
});

test('it tells of every event type, and its examples are what the services would read', () => {
  const schemas: Record<string, TSchema> = {
    ...Object.fromEntries(Object.values(eventTypes).map(({ payload }) => [payload.$id, payload])),
    ...{ LiveClicks, SettingsChanged },
  };
  const messages = Object.values(document.components.messages);
  expect(messages.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(eventTypes)));
  for (const { payload, examples } of messages) {
    const schema = schemas[payload.$ref.split('/').at(-1) ?? ''] ?? Type.Never();
    for (const example of examples) expect(Value.Errors(schema, example.payload)).toEqual([]);
  }
});
