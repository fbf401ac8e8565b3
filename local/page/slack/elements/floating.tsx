/** Something drawn above everything else, beside what it belongs to: below it, or above where there is no room. */
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const GAP = 4;
const EDGE = 8;

type Props = {
  anchor: RefObject<HTMLElement | null>;
  /** A click elsewhere. */
  onLeave: () => void;
  wide?: boolean;
  children: ReactNode;
};

export function Floating({ anchor, onLeave, wide = false, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = () => beside(anchor.current, box.current, wide);
    box.current?.showPopover();
    place();
    const resized = new ResizeObserver(place);
    if (box.current) resized.observe(box.current);
    addEventListener('resize', place);
    document.addEventListener('scroll', place, true);
    return () => {
      resized.disconnect();
      removeEventListener('resize', place);
      document.removeEventListener('scroll', place, true);
    };
  }, [anchor, wide]);

  const leave = useRef(onLeave);
  leave.current = onLeave;
  useEffect(() => {
    const pressed = ({ target }: PointerEvent) => {
      if (!(target instanceof Node)) return;
      if (box.current?.contains(target) || anchor.current?.contains(target)) return;
      leave.current();
    };
    document.addEventListener('pointerdown', pressed, true);
    return () => document.removeEventListener('pointerdown', pressed, true);
  }, [anchor]);

  return (
    <div ref={box} popover="manual" className="floating">
      {children}
    </div>
  );
}

function beside(anchor: HTMLElement | null, box: HTMLElement | null, wide: boolean): void {
  if (anchor === null || box === null) return;
  const at = anchor.getBoundingClientRect();
  if (wide) box.style.width = `${at.width}px`;
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + GAP;
  const fits = below + height <= innerHeight - EDGE || at.top < height + GAP + EDGE;
  box.style.top = `${fits ? below : at.top - GAP - height}px`;
  box.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
}
