/** The bar above both panes: what this is, and the switch between light and dark. */
import { ThemeToggle } from './theme/theme-toggle.tsx';

export function TopBar() {
  return (
    <header className="top-bar">
      <h1 className="brand">
        <img src="/page/icon.svg" alt="" width="26" height="26" /> Hallpass
        <span className="brand-note">local</span>
      </h1>
      <ThemeToggle />
    </header>
  );
}
