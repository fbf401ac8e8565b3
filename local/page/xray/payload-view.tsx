/** The last exchanges with Slack and the providers, as they went over the wire, without signatures, tokens and codes. */
import { useState } from 'react';
import type { Exchange, RequestSummary } from '../../xray/shapes.ts';
import { Traffic } from '../../xray/shapes.ts';
import { timeOf } from '../instants.ts';
import { usePolled } from '../use-polled.ts';
import { RawJson } from './raw-json.tsx';

const TRAFFIC_MS = 1000;
const LANES = {
  'slack-in': 'Slack → Hallpass',
  'slack-out': 'Hallpass → Slack',
  provider: 'Hallpass → provider',
} as const;

export function PayloadView({ summary, zone }: { summary: RequestSummary; zone: string }) {
  const { value } = usePolled('/_local/xray/traffic', Traffic, TRAFFIC_MS);
  const [lane, setLane] = useState('all');
  const [mine, setMine] = useState(false);
  const shown = (value ?? []).filter(
    (one) => (lane === 'all' || one.lane === lane) && (!mine || isAbout(one, summary)),
  );
  return (
    <>
      <div className="payload-filters">
        <label>
          Show{' '}
          <select value={lane} onChange={({ target }) => setLane(target.value)}>
            <option value="all">everything</option>
            {Object.entries(LANES).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={mine} onChange={() => setMine(!mine)} /> only {summary.id}
        </label>
      </div>
      <ul className="rows" aria-label="Exchanges, newest first">
        {shown.map((exchange) => (
          <ExchangeRow key={exchange.n} exchange={exchange} zone={zone} />
        ))}
      </ul>
      {shown.length === 0 && (
        <p className="muted">Nothing like that went over the wire since the start.</p>
      )}
    </>
  );
}

/** Slack's bodies name the request; a provider's path names the container. */
const isAbout = ({ lane, about, path, at }: Exchange, summary: RequestSummary): boolean =>
  lane === 'provider'
    ? at >= summary.requestedAt && path.includes(`/${summary.resource.split('/').at(-1)}`)
    : about.includes(summary.id);

function ExchangeRow({ exchange, zone }: { exchange: Exchange; zone: string }) {
  const { lane, title, method, path, status, ms, requestHeaders } = exchange;
  const bad = status !== null && status >= 400;
  return (
    <li>
      <details className="row">
        <summary>
          <span className="row-keys">
            <span className="exchange-title">{title}</span>
            <span className="muted small">
              {timeOf(exchange.at, zone)} · {LANES[lane]}
            </span>
          </span>
          <span className={bad ? 'chip chip-bad' : 'chip chip-plain'}>{status ?? 'no answer'}</span>
          <span className="row-hash">{ms === null ? '' : `${ms} ms`}</span>
        </summary>
        <p className="event-hash">
          <code>
            {method} {path}
          </code>
        </p>
        <h4 className="payload-part">Headers</h4>
        <RawJson value={headerText(requestHeaders)} label="Headers" />
        {exchange.requestBody !== '' && (
          <>
            <h4 className="payload-part">Sent</h4>
            <RawJson value={exchange.requestBody} label="Sent" />
          </>
        )}
        <h4 className="payload-part">Answered</h4>
        <RawJson value={exchange.responseBody || '(empty)'} label="Answered" />
      </details>
    </li>
  );
}

const headerText = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
