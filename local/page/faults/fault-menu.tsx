/** Lets an outside service fail on demand. Shows what is still to fail; what was used up disappears by itself. */
import { useEffect, useId, useRef, useState } from 'react';
import { send } from '../api.ts';
import type { WorldProps } from '../top-bar.tsx';
import { FaultForm } from './fault-form.tsx';

export function FaultMenu({ overview, refresh }: WorldProps) {
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const active = overview?.faults.active ?? [];
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [open]);
  const call = async (method: 'POST' | 'DELETE', body?: unknown) => {
    setTrouble(await send('/_local/faults', method, body));
    refresh();
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the panel from anywhere inside
    <div className="faults" ref={box} onKeyDown={({ key }) => open && key === 'Escape' && close()}>
      <button
        ref={button}
        type="button"
        className={active.length > 0 ? 'button on-brand armed' : 'button on-brand'}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Faults{active.length > 0 && ` (${active.length})`}
      </button>
      {open && overview && (
        <section className="fault-panel" id={id} aria-label="Faults">
          <h2 className="pane-title">Let something fail</h2>
          <p className="muted small">
            The next calls fail this way, then all is well again. Nothing is lost: Hallpass tries
            until the provider agrees.
          </p>
          <FaultForm choices={overview.faults} onAdd={(fault) => call('POST', fault)} />
          <ActiveFaults active={active} onClear={() => call('DELETE')} />
          <p role="alert" className="trouble">
            {trouble}
          </p>
        </section>
      )}
    </div>
  );
}

type Active = NonNullable<WorldProps['overview']>['faults']['active'];

function ActiveFaults({ active, onClear }: { active: Active; onClear: () => void }) {
  if (active.length === 0) return <p className="muted small">No fault waits.</p>;
  return (
    <>
      <ul className="fault-list" aria-label="Faults that wait">
        {active.map((fault, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal faults may wait twice, in this order
          <li key={index}>
            <strong>{fault.target}</strong> {fault.on === '*' ? 'any call' : fault.on} →{' '}
            <strong>{fault.fail}</strong> · {fault.times} left
          </li>
        ))}
      </ul>
      <button type="button" className="button" onClick={onClear}>
        Clear all
      </button>
    </>
  );
}
