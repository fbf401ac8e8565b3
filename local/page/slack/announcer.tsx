/** Says what just arrived for this person, for those who do not see it; never what was there before. */
import { useEffect, useRef, useState } from 'react';
import type { Message } from '../../slack/page/contract.ts';
import { useScreen } from './screen.tsx';
import { channelsOf, directId } from './view-model.ts';

export function Announcer() {
  const { state, me } = useScreen();
  const [said, setSaid] = useState('');
  const heard = useRef<string | null>(null);
  useEffect(() => {
    const places = new Set([...channelsOf(state, me.id).map(({ id }) => id), directId(me.id)]);
    const mine = ({ channel, onlyFor, user }: Message) =>
      places.has(channel) && user !== me.id && (onlyFor === null || onlyFor === me.id);
    const last = state.messages.findLast(mine);
    const before = heard.current;
    heard.current = last?.ts ?? '0';
    if (before === null || last === undefined || Number(last.ts) <= Number(before)) return;
    const name = state.conversations.find(({ id }) => id === last.channel)?.name;
    setSaid(
      `${last.onlyFor ? 'Only for you' : name ? `In ${name}` : state.app.name}: ${last.text}`,
    );
  }, [state, me.id]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {said}
    </div>
  );
}
