/** Appends the query of a request to a target; what the target has already stays in front. */
export function forwardQuery(target: string, requestUrl: string): string {
  const at = requestUrl.indexOf('?');
  const query = at === -1 ? '' : requestUrl.slice(at + 1);
  if (query === '') return target;
  const url = new URL(target);
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url.href;
}
