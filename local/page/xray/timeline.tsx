/** The audit events in sentences, in the order in which they happened; each opens to the row that holds it. */
import { useEffect, useRef } from 'react';
import type { TimelineEntry } from '../../xray/shapes.ts';
import { timeOf, withTimes } from '../instants.ts';
import { RawJson } from './raw-json.tsx';

type Props = { entries: readonly TimelineEntry[]; zone: string };
const MARKS = { plain: '•', good: '✓', bad: '!', wait: '→' } as const;

export function Timeline({ entries, zone }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const last = entries.at(-1)?.hash;
  // The newest event comes into sight as it happens.
  useEffect(() => {
    const panel = last === undefined ? null : list.current?.parentElement;
    if (panel) panel.scrollTop = panel.scrollHeight;
  }, [last]);
  return (
    <ol ref={list} className="timeline" aria-label="Audit events">
      {entries.map((entry) => (
        <li key={`${entry.chain}/${entry.seq}`} className={`event event-${entry.tone}`}>
          <span className="event-mark" aria-hidden="true">
            {MARKS[entry.tone]}
          </span>
          <p className="event-sentence">{withTimes(entry.sentence, zone)}</p>
          <p className="event-line">
            <time dateTime={entry.at}>{timeOf(entry.at, zone)}</time> · {entry.type}
          </p>
          <details className="raw">
            <summary>
              {entry.chain.split('#')[0]} event {entry.seq} · <code>{entry.hash.slice(0, 10)}</code>
            </summary>
            <p className="event-hash">
              hash <code>{entry.hash}</code>
              <br />
              seals the one before, <code>{entry.previous}</code>
            </p>
            <RawJson value={entry.raw} />
          </details>
        </li>
      ))}
    </ol>
  );
}
