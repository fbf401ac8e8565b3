/** Every request in a line, newest first. The newest is shown until a person picks another. */
import type { RequestSummary } from '../../xray/shapes.ts';
import { shortTimeOf } from '../instants.ts';
import { StatusChip } from './status-chip.tsx';

export type RequestListProps = {
  requests: readonly RequestSummary[];
  selected: string | null;
  zone: string;
  onPick: (id: string) => void;
};

export function RequestList({ requests, selected, zone, onPick }: RequestListProps) {
  if (requests.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard
    <ul className="requests" aria-label="Requests" tabIndex={0}>
      {requests.map((request) => (
        <li key={request.id}>
          <button
            type="button"
            className="request"
            aria-current={request.id === selected}
            onClick={() => onPick(request.id)}
          >
            <code data-testid="xray-request">{request.id}</code>
            <span className="request-what">
              {request.requesterName} → {request.role} · {request.resource}
            </span>
            <StatusChip status={request.status} />
            <span className="request-when">{shortTimeOf(request.requestedAt, zone)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
