/** What time it is here, how far it was pushed, and buttons that push it. Answers when everything due has settled. */
import { useState } from 'react';
import { send } from '../api.ts';
import { dayOf, shortTimeOf, spanOf, timeOf } from '../instants.ts';
import type { WorldProps } from '../top-bar.tsx';

const AHEAD_WORTH_SAYING_MS = 30_000;

export function ClockControl({ overview, now, refresh }: WorldProps) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const zone = overview?.zone ?? 'UTC';
  const next = overview?.next ?? null;
  const push = async (advance: string) => {
    setBusy(true);
    setTrouble(await send('/_local/clock', 'POST', { advance }));
    setBusy(false);
    refresh();
  };
  const toNext = () => {
    if (!next) return;
    const seconds = Math.max(1, Math.ceil((Date.parse(next.at) - now.getTime()) / 1000) + 1);
    push(`${seconds}s`).catch(console.error);
  };
  const ahead = overview?.offsetMs ?? 0;
  return (
    <fieldset className="clock" data-tour-target="clock" disabled={overview === null}>
      <legend className="visually-hidden">Local clock</legend>
      <div className="clock-face">
        <time className="clock-time" dateTime={now.toISOString()}>
          {timeOf(now, zone)}
        </time>
        <span className="clock-note">
          {dayOf(now, zone)} · {zone.split('/').at(-1)}
          {ahead > AHEAD_WORTH_SAYING_MS && ` · pushed ${spanOf(ahead)}`}
        </span>
      </div>
      <button type="button" className="button on-brand" disabled={busy} onClick={() => push('1m')}>
        +1 min
      </button>
      <button type="button" className="button on-brand" disabled={busy} onClick={() => push('15m')}>
        +15 min
      </button>
      <button
        type="button"
        className="button on-brand next-event"
        data-testid="clock-next"
        disabled={busy || next === null}
        onClick={toNext}
        title={next ? `${next.what} at ${timeOf(next.at, zone)}` : 'Nothing is due'}
      >
        {busy
          ? 'Settling …'
          : next
            ? `To ${shortTimeOf(next.at, zone)}: ${next.what}`
            : 'Nothing due'}
      </button>
      <span role="status" className={trouble ? 'clock-trouble' : 'visually-hidden'}>
        {trouble}
      </span>
    </fieldset>
  );
}
