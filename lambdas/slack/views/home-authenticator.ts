/** The part of a Home about its owner's authenticator: how it stands, and what to do about it. */
import type { MyAuthenticator } from '../../../shared/application/home-facts.ts';
import { RECOVERY } from '../../../shared/domain/authenticator/recovery.ts';
import { COMMANDS } from '../commands.ts';
import type { Button, KnownBlock } from './block-kit.ts';
import { code } from './escape.ts';
import { header, row } from './home-parts.ts';
import { dayAndTime } from './instants.ts';

export function authenticatorBlocks(mine: MyAuthenticator | null): KnownBlock[] {
  const label = mine ? 'Replace' : 'Set up my authenticator';
  const enroll: Button = {
    type: 'button',
    action_id: 'enroll',
    text: { type: 'plain_text', text: label },
    ...(mine ? {} : { style: 'primary' }),
  };
  return [header('My authenticator'), row('home-authenticator', authenticatorText(mine), enroll)];
}

function authenticatorText(mine: MyAuthenticator | null): string {
  if (!mine) return 'You have none yet. Approving access, and some asks, take its six digits.';
  const left = mine.recoveryCodesLeft;
  const few = left <= RECOVERY.warnAt;
  const help = few
    ? `*${left}*, ${code(`${COMMANDS.access} authenticator codes`)} makes new ones`
    : left;
  return `Set up ${dayAndTime(mine.enrolledAt)} · ${howItStands(mine)}\nRecovery codes left: ${help}`;
}

function howItStands({ reset, needsProof, lockedUntil, holdUntil }: MyAuthenticator): string {
  const cancel = code(`${COMMANDS.access} authenticator cancel`);
  if (reset === 'confirmed') return `*It is being reset and does not count.* Not you? ${cancel}`;
  if (needsProof) return ':lock: *Locked*: too many wrong codes, no code helps any more';
  if (lockedUntil !== null) return `:lock: *Locked* until ${dayAndTime(lockedUntil)}`;
  if (reset === 'started') return `An admin wants to *reset* it. Not you? ${cancel}`;
  return holdUntil === null ? 'ready' : `*On hold*: it may approve from ${dayAndTime(holdUntil)}`;
}
