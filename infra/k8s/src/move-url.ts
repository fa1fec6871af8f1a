/**
 * Takes a URL to the place that is named for its host; user and password stay as they are. Without such a place the URL is returned
 * unchanged.
 */
export function moveUrl(
  text: string,
  places: Readonly<Record<string, string | undefined>>,
): string {
  const { hostname, username, password } = new URL(text);
  const place = places[hostname];
  if (place === undefined) return text;
  const moved = new URL(place);
  moved.username = username;
  moved.password = password;
  return moved.href;
}
