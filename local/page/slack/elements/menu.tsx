/**
 * A button that opens a small menu: arrows move in it, Enter chooses, Escape and Tab leave it. It is drawn above
 * everything, so that nothing cuts it off.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Floating } from './floating.tsx';

export type MenuItem = {
  readonly id: string;
  readonly label: string;
  readonly note?: string;
  choose(): void;
};
type Props = {
  label: string;
  className: string;
  items: readonly MenuItem[];
  children: ReactNode;
  testId?: string;
  tabIndex?: number;
};

export function MenuButton({ label, className, items, children, testId, tabIndex }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = (back: boolean) => {
    setOpen(false);
    if (back) opener.current?.focus();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        data-testid={testId}
        tabIndex={tabIndex}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {open && (
        <Floating anchor={opener} onLeave={() => close(false)}>
          <MenuList id={id} label={label} items={items} onClose={close} />
        </Floating>
      )}
    </>
  );
}

type ListProps = {
  id: string;
  label: string;
  items: readonly MenuItem[];
  onClose: (back: boolean) => void;
};

function MenuList({ id, label, items, onClose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus(), []);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      onClose(true);
      return;
    }
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.findIndex((one) => one.matches(':focus'));
    const next = new Map([
      ['ArrowDown', (at + 1) % all.length],
      ['ArrowUp', (at - 1 + all.length) % all.length],
      ['Home', 0],
      ['End', all.length - 1],
    ]).get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  };
  return (
    <div
      ref={list}
      id={id}
      role="menu"
      aria-label={label}
      className="menu"
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="menuitem"
          className="menu-item"
          tabIndex={-1}
          onClick={() => {
            onClose(true);
            item.choose();
          }}
        >
          <span className="menu-label">{item.label}</span>
          {item.note && <span className="menu-note">{item.note}</span>}
        </button>
      ))}
    </div>
  );
}
