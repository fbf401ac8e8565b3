/** A change of the access policy in words: who gets what, who loses it, and who decides about the policy and gets more. Bounded; pure. */
import type { PolicyNews } from '../../../shared/application/announce-policy.ts';
import type { RightChange, RightsDiff } from '../../../shared/domain/policy/diff.ts';
import type { KnownBlock } from './block-kit.ts';
import { code, mrkdwn } from './escape.ts';
import { dayAndTime } from './instants.ts';
import { context, type Message, mention, section } from './parts.ts';
import { byRules, isWidening, rightWords, together } from './rights-words.ts';

const ROWS = 15;
const PEOPLE = 8;
const TARGETS = 4;
const DECIDERS = 8;
/** Of one of them; the rows below say the rest. */
const RIGHTS = 2;
const GROUP = /^group:/;

/** The first policy of all changes nothing, and whoever could hear of it is named by it only now. */
export const policyNotice = (news: PolicyNews): Message | null => {
  const { event } = news;
  if (event.type === 'PolicyChanged' && event.previousHash === null) return null;
  const hash = code(event.hash.slice(0, 12));
  if (event.type === 'PolicyUnscheduled')
    return told('A change of the access policy was taken back', {
      icon: ':leftwards_arrow_with_hook:',
      words: `It waited and never came into force (${hash}).`,
      news,
    });
  if (event.type === 'PolicyScheduled')
    return told('A change of the access policy waits', {
      icon: ':hourglass_flowing_sand:',
      words: `It gives somebody more than before, and takes effect ${dayAndTime(event.effectiveAt)} (${hash}). Load the old file again to stop it.`,
      news,
    });
  return told('The access policy changed', {
    icon: ':scroll:',
    words: `In force now: ${hash}.`,
    news,
  });
};

function told(
  title: string,
  { icon, words, news }: { icon: string; words: string; news: PolicyNews },
): Message {
  const { diff, widened, event } = news;
  return {
    text: widened.length > 0 ? `${title}: people who decide about it get more` : title,
    blocks: [
      section(`${icon} *${title}.* ${words}`),
      ...(diff ? alert(widened, diff) : []),
      ...(diff ? rightsBlocks(diff) : []),
      context(
        event.type === 'PolicyUnscheduled' || diff
          ? `Compare the files: ${code('npm run policy -- diff OLD NEW')}. Who wrote it stands in the history of the file.`
          : 'It could not be compared with the one before.',
      ),
    ],
  };
}

/** Who wrote a file is not known: so nobody is accused, and everybody is named who could have done it for themself, with what they get. */
function alert(widened: readonly string[], { changes }: RightsDiff): KnownBlock[] {
  if (widened.length === 0) return [];
  const more = together(changes.filter(isWidening));
  const lines = widened.slice(0, DECIDERS).map((person) => {
    const theirs = more.filter(({ people }) => people.includes(person));
    const shown = theirs.slice(0, RIGHTS).map((change) => whatOf(change));
    const rest = theirs.length - shown.length;
    return `• ${mention(person)} ${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
  });
  const hidden = widened.length - DECIDERS;
  return [
    section(
      [
        ':warning: *Look twice:* admins or owners get more rights themselves by this change. Hallpass does not know who wrote it: see the history of the file.',
        ...lines,
        ...(hidden > 0 ? [`… and ${hidden} more people`] : []),
      ].join('\n'),
    ),
  ];
}

/** `may now approve github:acme/deployers by prod-deploy` */
function whatOf(change: RightChange): string {
  const targets = few(change.entitlements, TARGETS, code);
  return `${rightWords(change)} ${targets}${targets === '' ? '' : ' '}${mrkdwn(byRules(change))}`;
}

function rightsBlocks({ changes, counts, widerAtTheTop, truncated }: RightsDiff): KnownBlock[] {
  const { gained, wider, lost, narrower } = counts;
  const sorted = [...together(changes)].sort(
    (one, other) => Number(isWidening(other)) - Number(isWidening(one)),
  );
  const hidden = sorted.length - ROWS;
  const keys = widerAtTheTop.map(code).join(', ');
  return [
    ...(truncated
      ? [section('Too many different people and targets: not everything was compared.')]
      : []),
    ...(keys === '' ? [] : [section(`Gives more than before, whoever asks: ${keys}`)]),
    ...sorted.slice(0, ROWS).map((change) => section(row(change))),
    context(
      `${hidden > 0 ? `… and ${hidden} more changes. ` : ''}${gained} gained, ${wider} on easier terms, ${lost} lost, ${narrower} on stricter terms (pairs of a person and a target).`,
    ),
  ];
}

const row = (change: RightChange): string => {
  const sign = isWidening(change) ? ':heavy_plus_sign:' : ':heavy_minus_sign:';
  const people = few(change.people, PEOPLE, whom);
  return `${sign} ${people} ${whatOf(change)}`;
};

const whom = (id: string): string =>
  GROUP.test(id) ? `group ${code(id.replace(GROUP, ''))}` : mention(id);

function few(all: readonly string[], most: number, shown: (one: string) => string): string {
  const more = all.length - most;
  return `${all.slice(0, most).map(shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
