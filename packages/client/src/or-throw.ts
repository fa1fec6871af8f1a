import { ApiError } from './api-error.ts';

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/**
 * The data of a call, or an `ApiError` for what was refused. A request that never got an answer rejects as `fetch` does:
 * with a TypeError where the network failed, or with the reason of an abort.
 */
export async function orThrow<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ApiError(response, error);
  return data as Data; // undefined only where the API answers 204
}
