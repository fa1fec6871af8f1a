import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';

/** The types of an OpenAPI document, as `src/api.gen.ts` has them. */
export async function renderTypes(document: object): Promise<string> {
  const types = await openapiTypes(document as OpenAPI3, { alphabetize: true });
  return `// Made by \`npm run client\` from create's OpenAPI document: don't edit.\n${astToString(types)}`;
}
