/**
 * `audit erase | hold | release --person U0ANA`, for whoever runs the bot: erases a leaver's words and ties, or forbids it. The chain stays
 * valid. Retention is HALLPASS_KEEP_TEXTS and HALLPASS_KEEP_LINKS (90d; nothing must be kept where they are not set).
 */
import {
  type EraseRefusal,
  erasePerson,
  setLegalHold,
} from '../../shared/application/erase-person.ts';
import { parseDuration } from '../../shared/domain/duration.ts';
import { readWords } from './arguments.ts';
import { type Desk, EXIT } from './desk.ts';

export const ERASE_USAGE = `audit erase --person U0ANA

Erases a leaver's words beside requests, and what ties them to their accounts. Ids stay: the log remains provable. The policy file's
own versions, which name people and logins, are part of the evidence and stay too. What was typed and never sent goes by itself, days later;
digests of e-mail and logins, by which two accounts of one human are counted as one, go 90 days after they were last used.
HALLPASS_KEEP_TEXTS and HALLPASS_KEEP_LINKS (90d) say how long they must be kept first.`;
export const HOLD_USAGE = `audit hold --person U0ANA

Nothing of that person may be erased from here on.`;
export const RELEASE_USAGE = `audit release --person U0ANA

Lifts a legal hold.`;

export const erase = (args: readonly string[], desk: Desk): Promise<number> =>
  forPerson({ args, usage: ERASE_USAGE }, desk, async (person) => {
    const texts = keep(desk, 'HALLPASS_KEEP_TEXTS');
    const links = keep(desk, 'HALLPASS_KEEP_LINKS');
    if (texts === null || links === null) {
      desk.complain('HALLPASS_KEEP_TEXTS and HALLPASS_KEEP_LINKS take a duration such as 90d.');
      return EXIT.usage;
    }
    const erased = await erasePerson({ ...desk, keepSeconds: { texts, links } }, person);
    if (!erased.ok) {
      desk.complain(`${refusedWords(erased.error)} (${erased.error.code})`);
      return EXIT.refused;
    }
    desk.print(`${person}: ${erased.value.texts} texts and ${erased.value.links} links erased.`);
    return EXIT.ok;
  });

export const hold = (args: readonly string[], desk: Desk): Promise<number> =>
  holding(args, desk, true);
export const release = (args: readonly string[], desk: Desk): Promise<number> =>
  holding(args, desk, false);

const holding = (args: readonly string[], desk: Desk, held: boolean): Promise<number> =>
  forPerson({ args, usage: held ? HOLD_USAGE : RELEASE_USAGE }, desk, async (person) => {
    const changed = await setLegalHold(desk, person, held);
    const how = held ? 'under legal hold' : 'under no legal hold';
    desk.print(`${person} is ${how}${changed ? ' from now on' : ', as before'}.`);
    return EXIT.ok;
  });

async function forPerson(
  { args, usage }: { args: readonly string[]; usage: string },
  desk: Desk,
  act: (person: string) => Promise<number>,
): Promise<number> {
  const words = readWords(args, ['person']);
  const person =
    words.ok && words.value.rest.length === 0 ? words.value.options['person'] : undefined;
  if (person !== undefined && /^[UW][A-Z0-9]{2,30}$/.test(person)) return act(person);
  desk.complain(usage);
  return EXIT.usage;
}

function keep({ env }: Desk, name: string): number | null {
  const written = env[name];
  return written === undefined || written === '' ? 0 : parseDuration(written);
}

function refusedWords(refusal: EraseRefusal): string {
  switch (refusal.code) {
    case 'policy-unavailable':
      return 'No valid policy has been loaded yet. Start Hallpass once with one.';
    case 'legal-hold':
      return `${refusal.whose} is under legal hold since ${refusal.since}: nothing of theirs may go, words that are somebody else's too included. Whoever placed it lifts it: audit release.`;
    case 'still-in-policy':
      return 'The policy still lists that person. Take them out of access.yaml first and let it be loaded.';
    case 'access-live':
      return `That person still has access, or something is under way (${refusal.holdingId}). Let it end first.`;
    case 'request-open':
      return `${refusal.requestId} is not over yet. Let it end first.`;
    default:
      return `Their ${refusal.what} must be kept until ${refusal.until}, by the retention that is set. Try again then.`;
  }
}
