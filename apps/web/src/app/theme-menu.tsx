import { Monitor, Moon, Sun } from 'lucide-react';
import { Button } from '../parts/button.tsx';
import { ChoiceMenu } from '../parts/choice-menu.tsx';
import type { Theme } from './theme.ts';
import { useTheme } from './use-theme.ts';

const choices: { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: 'system', label: 'Like the system', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
];

/** The theme switch of the top bar. */
export default function ThemeMenu() {
  const [theme, setTheme] = useTheme();
  const Icon = choices.find(({ value }) => value === theme)?.icon ?? Monitor;
  return (
    <ChoiceMenu label="Theme" choices={choices} value={theme} onChange={setTheme}>
      <Button variant="ghost" label="Theme" icon={Icon} />
    </ChoiceMenu>
  );
}
