/** Who is in the provider's containers, as it was when the request was made and as it is now, with the difference marked. */
import type { ContainerView, RequestDetail } from '../../xray/shapes.ts';

type Member = ContainerView['now'][number];
type Line = { account: string; before: string | null; now: string | null };

export function ProviderView({ detail }: { detail: RequestDetail }) {
  const { containers, login } = detail;
  const concerned = containers.filter((one) => one.asked || hasChanged(one));
  const others = containers.filter((one) => !concerned.includes(one));
  const table = (container: ContainerView) => (
    <ContainerTable
      key={`${container.provider}:${container.container}`}
      container={container}
      login={login}
    />
  );
  return (
    <>
      {concerned.map(table)}
      {others.length > 0 && (
        <details className="other-containers">
          <summary>Containers that stayed as they were ({others.length})</summary>
          {others.map(table)}
        </details>
      )}
    </>
  );
}

const hasChanged = ({ before, now }: ContainerView): boolean =>
  before !== null && linesOf(before, now, null).some((line) => changeOf(line) !== '');

function ContainerTable({ container, login }: { container: ContainerView; login: string | null }) {
  const { provider, before, now, asked } = container;
  const lines = linesOf(before ?? now, now, asked ? login : null);
  return (
    <section className="container" data-testid={asked ? 'asked-container' : undefined}>
      <h3 className="container-name">
        {provider} <code>{container.container}</code>
        {asked && <span className="chip chip-plain">this request</span>}
      </h3>
      <table className="members">
        <thead>
          <tr>
            <th scope="col">Account</th>
            <th scope="col">{before === null ? 'Before (not seen)' : 'When asked'}</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.account} className={changeOf(line)}>
              <th scope="row">
                <code>{line.account}</code>
                {line.account === login && <span className="muted"> · asked for</span>}
              </th>
              <td>{before === null ? '?' : (line.before ?? 'not a member')}</td>
              <td>
                {line.now ?? 'not a member'} <Change line={line} />
              </td>
            </tr>
          ))}
          {lines.length === 0 && (
            <tr>
              <td colSpan={3} className="muted">
                Nobody is in it.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Everybody who was or is in it; the one whom the request is about stands first, in it or not. */
function linesOf(
  before: readonly Member[],
  now: readonly Member[],
  subject: string | null,
): Line[] {
  const was = new Map(before.map(({ account, role }) => [account, role]));
  const is = new Map(now.map(({ account, role }) => [account, role]));
  const others = [...was.keys(), ...is.keys()].sort();
  return [...new Set(subject === null ? others : [subject, ...others])].map((account) => ({
    account,
    before: was.get(account) ?? null,
    now: is.get(account) ?? null,
  }));
}

const changeOf = ({ before, now }: Line): string =>
  before === now ? '' : before === null ? 'added' : now === null ? 'gone' : 'changed';

const WORDS: Readonly<Record<string, string>> = {
  added: '+ added',
  gone: '− gone',
  changed: '≠ changed',
};

function Change({ line }: { line: Line }) {
  const change = changeOf(line);
  return change === '' ? null : <span className={`change change-${change}`}>{WORDS[change]}</span>;
}
