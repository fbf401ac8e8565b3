/** A diff of rights as the comment on a change request: short enough for GitHub and GitLab, its marker first so that it is found and replaced. */
import { byRules, isWidening, rightWords } from '../../lambdas/slack/views/rights-words.ts';
import type { ToldChange, ToldDiff } from './diff.ts';

/** By which whoever comments finds the comment of before. */
const MARKER = '<!-- hallpass-policy-diff -->';
const MOST_ROWS = 100;
/** GitHub ends a comment at 65,536 characters. */
const MOST_CHARACTERS = 50_000;
const MOST_NAMED = 8;

/** As code, so that no name is a link, a mention or a sign; `|` and backticks are in no name of a policy, and cut all the same. */
const code = (name: string): string => `\`${name.replace(/[`|\s]/g, '')}\``;

const cell = (names: readonly string[]): string => {
  const shown = names.slice(0, MOST_NAMED).map(code);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

export function diffMarkdown({
  changes,
  counts,
  widerAtTheTop,
  truncated,
  widens,
}: ToldDiff): string {
  const { gained, wider, lost, narrower } = counts;
  const head = [
    MARKER,
    '### Access policy: who gets more, who gets less',
    '',
    widens ? '**Somebody gets more than before.**' : 'Nobody gets more than before.',
    '',
    `${gained} gained, ${wider} on easier terms, ${lost} lost, ${narrower} on stricter terms (pairs of a person and a target).`,
  ];
  const sorted = [...changes].sort(
    (one, other) => Number(isWidening(other)) - Number(isWidening(one)),
  );
  const rows = fitting(sorted.slice(0, MOST_ROWS).map(row));
  const hidden = sorted.length - rows.length;
  return [
    ...head,
    ...(truncated
      ? ['', 'Too many different people and targets: not everything was compared.']
      : []),
    ...(widerAtTheTop.length > 0
      ? ['', `These keys give more than before: ${cell(widerAtTheTop)}.`]
      : []),
    ...(rows.length > 0
      ? ['', '| | who | what | targets | rule |', '|---|---|---|---|---|', ...rows]
      : []),
    ...(hidden > 0 ? ['', `… and ${hidden} more changes.`] : []),
  ].join('\n');
}

const row = (change: ToldChange): string =>
  `| ${isWidening(change) ? '➕' : '➖'} | ${cell(change.people)} | ${rightWords(change)} | ${cell(change.entitlements)} | ${byRules(change, code)} |`;

function fitting(rows: readonly string[]): string[] {
  let left = MOST_CHARACTERS;
  return rows.filter((each) => {
    left -= each.length + 1;
    return left >= 0;
  });
}
