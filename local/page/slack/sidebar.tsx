/** Channels and the app, with what is unread. */
import type { Conversation } from '../../slack/page/contract.ts';
import { Avatar } from './avatar.tsx';
import { HashIcon, LockIcon } from './icons.tsx';
import { useScreen } from './screen.tsx';
import { channelsOf, directId, type ReadMarks, unreadIn } from './view-model.ts';

type Props = { selected: string; marks: ReadMarks };

export function Sidebar({ selected, marks }: Props) {
  const { state, me, go } = useScreen();
  const direct = directId(me.id);
  const app = state.people.find(({ id }) => id === state.app.userId) ?? null;
  const row = (id: string) => {
    const unread = unreadIn(state, { conversation: id, me: me.id }, marks);
    const current = id === selected;
    return {
      'aria-current': current ? ('page' as const) : undefined,
      className: `place${unread.some && !current ? ' place-unread' : ''}`,
      onClick: () => go(id),
      badge: current ? 0 : unread.count,
    };
  };
  const channel = (one: Conversation) => {
    const { badge, ...rest } = row(one.id);
    return (
      <li key={one.id}>
        <button type="button" {...rest} data-testid={`channel-${one.name}`}>
          <span className="place-mark" aria-hidden="true">
            {one.isPrivate ? <LockIcon /> : <HashIcon />}
          </span>
          <span className="place-name">{one.name}</span>
          <Badge count={badge} />
        </button>
      </li>
    );
  };
  const { badge, ...rest } = row(direct);
  return (
    <nav className="sidebar" aria-label="Conversations">
      <h2 className="sidebar-title">Channels</h2>
      <ul>{channelsOf(state, me.id).map(channel)}</ul>
      <h2 className="sidebar-title">Apps</h2>
      <ul>
        <li>
          <button type="button" {...rest} data-testid="app-hallpass">
            <Avatar person={app} small />
            <span className="place-name">{state.app.name}</span>
            <Badge count={badge} />
          </button>
        </li>
      </ul>
    </nav>
  );
}

function Badge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className="badge">
      {count}
      <span className="visually-hidden"> unread</span>
    </span>
  );
}
