/** The four sides of a request; one is shown. Arrow keys move along, as the ARIA tabs pattern wants. */
import type { KeyboardEvent } from 'react';

export type Tab = 'timeline' | 'provider' | 'journal' | 'payloads';
export const TABS: readonly { id: Tab; name: string }[] = [
  { id: 'timeline', name: 'Timeline' },
  { id: 'provider', name: 'Provider' },
  { id: 'journal', name: 'Journal' },
  { id: 'payloads', name: 'Payloads' },
];
export const isTab = (text: string): text is Tab => TABS.some(({ id }) => id === text);

export function TabList({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const move = (event: KeyboardEvent) => {
    const at = TABS.findIndex(({ id }) => id === tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    const next = to === undefined ? undefined : TABS.at(to % TABS.length);
    if (next === undefined) return;
    event.preventDefault();
    onTab(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label="What to look at" onKeyDown={move}>
      {TABS.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          className="tab"
          aria-selected={id === tab}
          aria-controls={id === tab ? `panel-${id}` : undefined}
          tabIndex={id === tab ? 0 : -1}
          onClick={() => onTab(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
