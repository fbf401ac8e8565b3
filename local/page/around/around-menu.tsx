/** What decisions ask outside Hallpass: who is in a Slack group, who is on call, which tickets there are. Each can be changed here. */
import { useEffect, useId, useRef, useState } from 'react';
import { Around, type AroundChange } from '../../around/shapes.ts';
import type { PersonaShown } from '../../xray/shapes.ts';
import { send } from '../api.ts';
import { usePolled } from '../use-polled.ts';
import { People, Tickets } from './around-lists.tsx';

const PATH = '/_local/around';
const EVERY_MS = 2000;

export function AroundMenu(props: { personas: readonly PersonaShown[]; refresh: () => void }) {
  const { personas, refresh } = props;
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const around = usePolled(open ? PATH : null, Around, EVERY_MS);
  useEffect(() => {
    if (!open) return;
    const leave = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [open]);
  const change = async (wanted: AroundChange) => {
    setTrouble(await send(PATH, 'POST', wanted));
    around.refresh();
    refresh();
  };
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const { groups, onCall, tickets } = around.value ?? { groups: [], onCall: [], tickets: [] };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the panel from anywhere inside
    <div className="faults" ref={box} onKeyDown={({ key }) => open && key === 'Escape' && close()}>
      <button
        ref={button}
        type="button"
        className="button on-brand"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Around
      </button>
      {open && (
        <section className="fault-panel" id={id} aria-label="Around Hallpass">
          <h2 className="pane-title">What Hallpass asks others</h2>
          <p className="muted small">
            Who is in @platform asks for <code>github:acme/infra</code>, who is on call approves,
            and the access ends with its ticket. An answer counts for up to a minute.
          </p>
          {(groups ?? []).map(({ id: group, handle, people }) => (
            <People
              key={group}
              title={`In @${handle}`}
              {...{ personas, people }}
              onChange={(now) => change({ group, people: now })}
            />
          ))}
          {(onCall ?? []).map(({ schedule, people }) => (
            <People
              key={schedule}
              title={`On call: ${schedule}`}
              {...{ personas, people }}
              onChange={(now) => change({ schedule, people: now })}
            />
          ))}
          {tickets && <Tickets tickets={tickets} onChange={change} />}
          <p role="alert" className="trouble">
            {trouble}
          </p>
        </section>
      )}
    </div>
  );
}
