export type Theme = 'system' | 'light' | 'dark';

const key = 'shortstack-theme';

/** What this browser chose; `system` where it chose nothing or keeps nothing. */
export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return kept === 'light' || kept === 'dark' ? kept : 'system';
  } catch {
    return 'system'; // storage is blocked
  }
}

/** Shows the page in it, without keeping it. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function keepTheme(theme: Theme): void {
  showTheme(theme);
  try {
    if (theme === 'system') localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // It holds until the page is left.
  }
}

/** Calls back when another tab chose. Returns a function that ends it. */
export function onThemeChosenElsewhere(callback: (theme: Theme) => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === key || event.key === null) callback(readTheme());
  };
  addEventListener('storage', onStorage);
  return () => removeEventListener('storage', onStorage);
}
