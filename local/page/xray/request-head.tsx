/** One request at a glance: what, for whom, how long it still lasts; more facts on demand. */
import type { RequestDetail } from '../../xray/shapes.ts';
import { shortTimeOf, spanOf } from '../instants.ts';
import { StatusChip } from './status-chip.tsx';

type Props = { detail: RequestDetail; now: Date; zone: string };

export function RequestHead({ detail, now, zone }: Props) {
  const { summary, login, facts, holding, schedules } = detail;
  return (
    <div className="request-head">
      <p className="request-line" data-testid="request-status">
        <StatusChip status={summary.status} />
        <strong>{summary.requesterName}</strong> as <code>{login}</code>: {summary.role} in{' '}
        <code>{`${summary.provider}:${summary.resource}`}</code>
      </p>
      <p className="request-time">{timeLine({ detail, now, zone })}</p>
      <details className="facts">
        <summary>State, holding, schedule</summary>
        <div className="facts-columns">
          <FactList title="Request" facts={facts} />
          <FactList
            title="Holding"
            facts={
              holding.length > 0 ? holding : [{ label: 'None yet', value: 'made by the approval' }]
            }
          />
          <FactList
            title="Schedule"
            facts={
              schedules.length > 0
                ? schedules.map(({ name, at, state }) => ({
                    label: name,
                    value: `${shortTimeOf(at, zone)} · ${state.toLowerCase()}`,
                  }))
                : [{ label: 'None', value: 'no end is scheduled now' }]
            }
          />
        </div>
      </details>
    </div>
  );
}

function FactList(props: { title: string; facts: readonly { label: string; value: string }[] }) {
  return (
    <section>
      <h3 className="facts-title">{props.title}</h3>
      <dl className="fact-list">
        {props.facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function timeLine({ detail: { summary }, now, zone }: Props): string {
  const left = summary.expiresAt === null ? null : Date.parse(summary.expiresAt) - now.getTime();
  if (summary.status === 'pending')
    return `${summary.approvals} of ${summary.approvalsNeeded} approvals · asked for ${spanOf(summary.durationSeconds * 1000)}`;
  if (left === null || summary.expiresAt === null)
    return `Asked for ${spanOf(summary.durationSeconds * 1000)}`;
  const end = shortTimeOf(summary.expiresAt, zone);
  if (summary.status === 'ended' || summary.status === 'failed')
    return `The end was fixed at ${end}`;
  return left > 0
    ? `Ends by itself at ${end}, in ${spanOf(left)}`
    : `Should have ended at ${end}, ${spanOf(-left)} ago`;
}
