/** Where the keyboard is while a dialog is open: inside, and back where it was once the dialog is gone. */
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const REACHABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

const reachable = (inside: HTMLElement): HTMLElement[] =>
  [...inside.querySelectorAll<HTMLElement>(REACHABLE)].filter(
    (one) => one.tabIndex >= 0 && one.closest('[hidden], [inert]') === null,
  );

/** Gives the focus back to what had it, or to the nearest part of the screen that is left. */
export function useReturnFocus(): void {
  const before = useRef<Element | null>(null);
  // Before the next frame: what is behind the dialog is inert by then and has lost the focus.
  useLayoutEffect(() => {
    before.current ??= document.activeElement;
    return () => {
      const target = before.current;
      // After the dialog has left the document, and what was behind it can be reached again.
      setTimeout(() => {
        if (document.activeElement !== document.body && document.activeElement !== null) return;
        if (target instanceof HTMLElement && target.isConnected && target !== document.body)
          target.focus();
        else document.querySelector<HTMLElement>('[data-focus-home]')?.focus();
      });
    };
  }, []);
}

/** The first field when the dialog opens, else its first button; again when what had the focus was drawn away. */
export function useFirstFocus(dialog: RefObject<HTMLElement | null>, drawn = ''): void {
  const opened = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new drawing is what may have taken the focus away
  useEffect(() => {
    const inside = dialog.current;
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (inside === null || inside.contains(document.activeElement)) return;
    if (opened.current && !lost) return;
    opened.current = true;
    const wanted =
      inside.querySelector<HTMLElement>('[data-focus-on-load]') ??
      reachable(inside).find((one) => /^(INPUT|TEXTAREA|SELECT)$/.test(one.tagName)) ??
      inside.querySelector<HTMLElement>('[data-focus-first]');
    (wanted ?? inside).focus();
  }, [dialog, drawn]);
}

/** Tab goes round inside the dialog. */
export function keepInside(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Tab') return;
  const stops = reachable(event.currentTarget);
  const [first] = stops;
  const last = stops.at(-1);
  if (first === undefined || last === undefined) return;
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}
