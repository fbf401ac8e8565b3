/** `policy diff OLD NEW`: rights gained and lost, by the comparison that decides whether a change waits. Bounded for whoever reads it; whole as JSON. */
import {
  byRules,
  isWidening,
  rightWords,
  together,
} from '../../lambdas/slack/views/rights-words.ts';
import { diffRights, type RightChange, type RightsDiff } from '../../shared/domain/policy/diff.ts';
import { membersOf } from '../../shared/domain/policy/members.ts';
import type { Policy } from '../../shared/domain/policy/policy.ts';
import { diffMarkdown } from './diff-markdown.ts';
import { goodPolicyAt } from './policy-text.ts';
import { EXIT, paint, type Terminal } from './terminal.ts';
import { readWords } from './words.ts';

export const DIFF_USAGE = `policy diff OLD NEW   [--fail-on-widening] [--markdown | --json]

Rights gained and lost between two policy files, per person. Exits 0; with --fail-on-widening 1 when anybody gets more than before (what
is too large to be compared counts as more). --markdown writes a comment for a change request; --json tells everything.`;

/** A change as it is told: people and rules by name. */
export type ToldChange = Omit<RightChange, 'people'> & {
  /** Names of the policy; `group:platform` stands for whoever is in a group. */
  readonly people: readonly string[];
};
export type ToldDiff = Omit<RightsDiff, 'changes'> & { readonly changes: readonly ToldChange[] };

export async function diff(args: readonly string[], terminal: Terminal): Promise<number> {
  const words = readWords(args, { flags: ['fail-on-widening', 'markdown', 'json'] });
  const [old, young, ...more] = words.ok ? words.value.rest : [];
  if (!words.ok || old === undefined || young === undefined || more.length > 0) {
    const wrong = `Name two files, ${more.length > 0 ? 'not more' : 'the old one first'}.`;
    terminal.complain(`${words.ok ? wrong : words.error}\n\n${DIFF_USAGE}`);
    return EXIT.usage;
  }
  const { has } = words.value;
  if (has('json') && has('markdown')) {
    terminal.complain(`Either --json or --markdown.\n\n${DIFF_USAGE}`);
    return EXIT.usage;
  }
  terminal.progress?.('Reading ...');
  const before = await goodPolicyAt(terminal, old);
  const now = await goodPolicyAt(terminal, young);
  terminal.progress?.('');
  for (const file of [before, now]) if (!file.ok) terminal.complain(file.error);
  if (!before.ok || !now.ok) return EXIT.usage;
  const told = toldDiff(before.value.policy, now.value.policy);
  if (has('json'))
    terminal.print(JSON.stringify({ old: before.value.hash, new: now.value.hash, ...told }));
  else if (has('markdown')) terminal.print(diffMarkdown(told));
  else for (const line of linesOf(terminal, told)) terminal.print(line);
  return has('fail-on-widening') && told.widens ? EXIT.findings : EXIT.ok;
}

/** With the names that people have in either file. */
function toldDiff(before: Policy, now: Policy): ToldDiff {
  const found = diffRights(before, now);
  const nameOf = (id: string): string =>
    membersOf(now).bySlack.get(id)?.name ?? membersOf(before).bySlack.get(id)?.name ?? id;
  return {
    ...found,
    changes: together(found.changes).map((change) => ({
      ...change,
      people: change.people.map(nameOf),
    })),
  };
}

const MOST_LINES = 200;
const MOST_NAMED = 12;

/** `ana, bo and 7 more` */
const few = (names: readonly string[], most = MOST_NAMED): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

const inOneLine = (change: ToldChange): string =>
  [rightWords(change), few(change.entitlements), byRules(change)]
    .filter((word) => word !== '')
    .join(' ');

function linesOf(terminal: Terminal, told: ToldDiff): string[] {
  const { changes, counts, widerAtTheTop, truncated, widens } = told;
  const lines = changes.slice(0, MOST_LINES).map((change) => {
    const sign = isWidening(change) ? paint(terminal, 'red', '+') : paint(terminal, 'green', '-');
    return `${sign} ${paint(terminal, 'bold', few(change.people))} ${inOneLine(change)}`;
  });
  const hidden = changes.length - lines.length;
  const { gained, lost, wider, narrower } = counts;
  return [
    ...lines,
    ...(hidden > 0 ? [`  ... and ${hidden} more changes: --json has all`] : []),
    ...widerAtTheTop.map(
      (key) => `${paint(terminal, 'red', '+')} \`${key}\` gives more than before`,
    ),
    ...(truncated
      ? ['Too many different people and targets: not everything was compared; it counts as wider.']
      : []),
    `${gained} gained, ${wider} on easier terms, ${lost} lost, ${narrower} on stricter terms (pairs of a person and a target)`,
    widens
      ? paint(terminal, 'red', 'Somebody gets more than before.')
      : paint(terminal, 'green', 'Nobody gets more than before.'),
  ];
}
