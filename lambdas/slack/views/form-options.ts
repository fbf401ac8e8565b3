/**
 * The choices of the form's menus, within Slack's limits. A value is an id that is looked up again, never a fact: whoever
 * sends another one gets what the policy says about that one.
 */
import { sha256 } from '../../../shared/domain/audit/digest.ts';
import { formatDuration } from '../../../shared/domain/duration.ts';
import type { CatalogEntry } from '../../../shared/domain/policy/catalog.ts';
import type { Choices } from '../../../shared/domain/policy/choices.ts';
import { durationValue } from './durations.ts';
import { LIMITS } from './limits.ts';

type Option = {
  text: { type: 'plain_text'; text: string };
  value: string;
  description?: { type: 'plain_text'; text: string };
};
type Group = { label: { type: 'plain_text'; text: string }; options: Option[] };

/** The length that is typed into a field of its own. */
export const OTHER_LENGTH = 'other';
const DIGEST = 'sha256:';

const plain = (text: string) => ({ type: 'plain_text' as const, text });

/** Both ends of a long name stay readable: names of one family differ at the end. */
function middle(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor((longest - 1) / 2);
  return `${text.slice(0, longest - 1 - half)}…${text.slice(-half)}`;
}

/** The entitlement's id; for one that is longer than Slack allows, its digest. */
export const targetValue = (entitlement: string): string =>
  entitlement.length <= LIMITS.option.value ? entitlement : `${DIGEST}${sha256(entitlement)}`;

/** What a value stands for among `known`; null when it is none of them. */
export function targetOf(value: string, known: Iterable<string>): string | null {
  for (const entitlement of known) if (targetValue(entitlement) === value) return entitlement;
  return null;
}

export const targetOption = (entitlement: string): Option => ({
  text: plain(middle(entitlement, LIMITS.option.text)),
  value: targetValue(entitlement),
});

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five'];
const approvers = (count: number): string =>
  `${COUNTS[count] ?? count} approver${count === 1 ? '' : 's'}`;

function described(entry: CatalogEntry): Option {
  const words = [
    ...(entry.privileged ? ['privileged'] : []),
    entry.roles.join(' or '),
    `up to ${formatDuration(entry.maxDurationSeconds)}`,
    approvers(entry.approvalsNeeded),
  ].join(' · ');
  return {
    ...targetOption(entry.entitlement),
    description: plain(middle(words, LIMITS.option.description)),
  };
}

/** By provider, in the order in which each first appears; what was asked for lately above all, unless something is looked for. */
export function targetGroups(
  entries: readonly CatalogEntry[],
  { recent }: { readonly recent: readonly string[] },
): Group[] {
  const isRecent = ({ entitlement }: CatalogEntry) => recent.includes(entitlement);
  const groups = new Map<string, CatalogEntry[]>();
  for (const entry of entries) {
    const label = isRecent(entry) ? 'Asked for lately' : entry.provider;
    groups.set(label, [...(groups.get(label) ?? []), entry]);
  }
  return [...groups].map(([label, members]) => ({
    label: plain(label.slice(0, LIMITS.optionGroup.label)),
    options: members.map(described),
  }));
}

/** `2h` as a value is what a person would type. `chosen` is among them, also where it is no usual length. */
export function durationOptions({ durations }: Choices, chosen: string | null): Option[] {
  const longest = durations.at(-1);
  const usual = durations.map((each) => {
    const cost = each === longest ? ` · the longest · ${approvers(each.approvalsNeeded)}` : '';
    const text = `${formatDuration(each.seconds)}${cost}`;
    return { text: plain(text), value: durationValue(each.seconds) };
  });
  const known = chosen === null || chosen === OTHER_LENGTH;
  const own = known || usual.some(({ value }) => value === chosen) ? [] : [chosen];
  return [
    ...own.map((value) => ({ text: plain(value), value })),
    ...usual,
    { text: plain('Another length, or until a time…'), value: OTHER_LENGTH },
  ];
}
