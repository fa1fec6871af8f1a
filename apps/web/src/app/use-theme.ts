import { useEffect, useState } from 'react';
import { keepTheme, onThemeChosenElsewhere, readTheme, showTheme, type Theme } from './theme.ts';

/** The theme of this browser, and how to choose another; every open tab follows. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(readTheme);
  useEffect(
    () =>
      onThemeChosenElsewhere((chosen) => {
        showTheme(chosen);
        setTheme(chosen);
      }),
    [],
  );
  return [
    theme,
    (chosen) => {
      keepTheme(chosen);
      setTheme(chosen);
    },
  ];
}
