/** Light or dark: what the system prefers until a person says otherwise; remembered in this browser. */
import { useEffect, useState } from 'react';

type Theme = 'light' | 'dark';
const KEY = 'hallpass-theme';

const kept = (): Theme | null => {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : null;
};
const preferred = (): Theme =>
  matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';

export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(() => kept() ?? preferred());
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const other = theme === 'dark' ? 'light' : 'dark';
  const turn = () => {
    localStorage.setItem(KEY, other);
    setTheme(other);
  };
  return (
    <button type="button" className="button quiet" onClick={turn} title={`Switch to ${other}`}>
      <span aria-hidden="true">{theme === 'dark' ? '☀' : '☾'}</span>
      <span className="visually-hidden">Switch to {other} colours</span>
    </button>
  );
}
