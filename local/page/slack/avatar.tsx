/** A person's initials on a colour of their own, or the app's key. Says nothing: the name stands beside it. */
import type { Person } from '../../slack/page/contract.ts';
import { KeyIcon } from './icons.tsx';

const COLOURS = 6;

export function Avatar({ person, small }: { person: Person | null; small?: boolean }) {
  const size = small ? ' avatar-small' : '';
  if (person === null || person.isBot)
    return (
      <span className={`avatar avatar-app${size}`} aria-hidden="true">
        {person === null ? 'S' : <KeyIcon />}
      </span>
    );
  const hue = [...person.id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % COLOURS;
  return (
    <span className={`avatar avatar-${hue}${size}`} aria-hidden="true">
      {initials(person.realName)}
    </span>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word, _, all) => word.slice(0, all.length > 1 ? 1 : 2))
    .join('');
