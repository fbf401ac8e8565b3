/** What every part of one person's screen may use: the workspace, who looks at it, in which zone and at what time. */
import { createContext, type ReactNode, useCallback, useContext, useMemo } from 'react';
import type { Act, Outcome, PageState, Person } from '../../slack/page/contract.ts';
import type { Reader } from './words/date-token.ts';

/** An act without the person, who is always the one whose screen this is. */
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type OwnAct = DistributiveOmit<Act, 'user'>;

export type Screen = {
  readonly state: PageState;
  readonly me: Person;
  readonly reader: Reader;
  act(act: OwnAct): Promise<Outcome>;
  /** A word at the edge of the screen, for what has no better place. */
  tell(text: string): void;
  go(conversation: string): void;
};

const ScreenContext = createContext<Screen | null>(null);

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (screen === null) throw new Error('This part stands outside of a screen.');
  return screen;
}

type Props = Omit<Screen, 'reader' | 'act'> & {
  now: Date;
  act: (act: Act) => Promise<Outcome>;
  children: ReactNode;
};
const MINUTE_MS = 60_000;

/** Times are drawn anew once a minute, not with every tick of the clock. */
export function ScreenProvider({ state, me, now, act, tell, go, children }: Props) {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const { id, tz } = me;
  const own = useCallback((what: OwnAct) => act({ ...what, user: id }), [act, id]);
  const reader = useMemo(() => ({ timeZone: tz, now: new Date(minute * MINUTE_MS) }), [tz, minute]);
  const screen = useMemo<Screen>(
    () => ({ state, me, tell, go, reader, act: own }),
    [state, me, tell, go, reader, own],
  );
  return <ScreenContext value={screen}>{children}</ScreenContext>;
}
