const places = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** "DE" → "Germany". What is no code stays as it is. */
export function placeName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (places.of(code) ?? code) : code;
}

/** "desktop" → "Desktop". */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
