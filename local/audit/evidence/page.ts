/**
 * The page of an evidence pack, for reading and for paper (A4): what was counted, what needs a look, which control each file supports.
 * Pure, from the same data the same bytes. No script, nothing from elsewhere; whatever comes from data is escaped.
 */
import type { Verification } from '../desk.ts';
import { CONTROLS, FRAMEWORK_TITLES, type Framework } from './controls.ts';
import { EXCEPTION_NAMES, EXCEPTIONS, type ExceptionName } from './exceptions.ts';
import type { Written } from './folder.ts';
import type { ReviewCount } from './gather.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { PolicyInPeriod } from './policies-in-force.ts';
import { TABLE_NAMES, type TableName } from './tables.ts';

export type Pack = {
  readonly framework: Framework;
  readonly from: string;
  readonly to: string;
  readonly tenant: string;
  readonly events: number;
  readonly rows: Readonly<Record<TableName, number>>;
  readonly reviews: Readonly<Record<ReviewCount, number>>;
  readonly isRightsCut: boolean;
  readonly exceptions: Readonly<Record<ExceptionName, number>>;
  /** The first of them, as in exceptions.csv. */
  readonly first: readonly (readonly string[])[];
  readonly policies: readonly PolicyInPeriod[];
  readonly verification: Verification;
  readonly files: readonly Written[];
};

const WHAT: Readonly<Record<TableName, string>> = {
  'access-granted': 'Access that began',
  'access-ended': 'Access that was removed, and how long past its end',
  'access-at-end': 'Access that somebody had when the period ended',
  people: 'Whom the policy listed when the period ended, with all their roles',
  rights: 'What that policy let each of them ask for, approve or hold, by which rule',
  approvals: 'Decisions, and the code each was made with',
  reviews: 'Access by break-glass, and what its reviewer found',
  refusals: 'What people tried and were refused',
  'policy-changes': 'Changes of the policy in force',
  authenticators: 'What happened to authenticators',
  drift: 'What the provider showed beside the books',
  administration: 'Reading of this log, erasures, holds, pauses, stops',
  exceptions: 'What needs a look',
};

const OUTCOMES: Readonly<Record<Verification['outcome'], string>> = {
  intact: 'The log is intact: every row, link, checkpoint and signature was checked.',
  tampered: 'THE LOG WAS CHANGED. Nothing in this pack proves anything until that is explained.',
  incomplete: 'The log could not be verified completely.',
  unreadable: 'The log could not be read completely.',
  'not-run': 'The log was not verified with this pack. Run: npm run audit -- verify',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

type Cell = string | number;
const HASH = /^[0-9a-f]{64}$/;
/** An id or a name: never broken at a hyphen. */
const WORD = /^\S{1,20}$/;
const td = (cell: Cell): string =>
  typeof cell === 'number'
    ? `<td class="n">${cell}</td>`
    : `<td${classOf(cell)}>${escapeHtml(cell)}</td>`;
const classOf = (cell: string): string =>
  HASH.test(cell) ? ' class="h"' : WORD.test(cell) ? ' class="s"' : '';

/** What names a row stays on one line where it is short: a moment, an id, the name of a table. */
const SHORT = 24;
const rowHead = (name: string): string =>
  `<th scope="row"${name.length <= SHORT ? ' class="s"' : ''}>${escapeHtml(name)}</th>`;

/** The first cell of a row names the row. */
function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const isNumber = (column: number) => typeof rows[0]?.[column] === 'number';
  const heads = head
    .map(
      (name, column) =>
        `<th scope="col"${isNumber(column) ? ' class="n"' : ''}>${escapeHtml(name)}</th>`,
    )
    .join('');
  const body = rows.map(
    ([first = '', ...cells]) => `<tr>${rowHead(String(first))}${cells.map(td).join('')}</tr>`,
  );
  return `<div class="wide" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${heads}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}

const section = (title: string, ...parts: readonly string[]): string =>
  `<section><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}\n</section>`;
const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

export function evidencePage(pack: Pack): string {
  const [first, last] = [pack.from.slice(0, 10), lastDay(pack.to)];
  const title = `Evidence of CI/CD access: ${first === last ? first : `${first} to ${last}`}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<dl>
${facts(pack)}
</dl>
</header>
<main>
${[verification(pack), counts(pack), exceptions(pack), controls(pack), policies(pack), reviews(pack), files(pack)].join('\n')}
</main>
</body>
</html>
`;
}

/** Where the period ends at midnight, the day before is its last. */
const lastDay = (to: string): string => new Date(Date.parse(to) - 1).toISOString().slice(0, 10);

const facts = ({ framework, from, to, tenant, events }: Pack): string =>
  [
    ['Framework', FRAMEWORK_TITLES[framework]],
    ['Period', `${from} to just before ${to} (UTC)`],
    ['Workspace', tenant],
    ['Events', String(events)],
  ]
    .map(([name = '', value = '']) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('\n');

const verification = ({ verification: { outcome, lines, key, witness } }: Pack): string =>
  section(
    'Is the log itself intact?',
    `<p class="${outcome === 'intact' ? 'good' : 'bad'}">${escapeHtml(OUTCOMES[outcome])}</p>`,
    ...(key === null ? [] : [paragraph(keyWords(key))]),
    ...(outcome === 'not-run' ? [] : [paragraph(witnessWords(witness))]),
    ...(lines.length > 0 ? [`<pre>${escapeHtml(lines.join('\n'))}</pre>`] : []),
  );

const keyWords = ({ sha256, isPinned }: NonNullable<Verification['key']>): string =>
  isPinned
    ? `Signatures were checked with the key that whoever gathered this named; its SHA-256 is ${sha256}.`
    : `Signatures were checked with the key that lies beside the log; its SHA-256 is ${sha256}. Compare it with the one you know.`;

const witnessWords = (witness: string | null): string =>
  witness === null
    ? 'It was held against no daily digest: that its newest part was not cut off or sealed anew, this pack does not show (--expect-last does).'
    : `It was held against what a daily digest said, checkpoint ${witness}: nothing up to it was cut off${witness.includes(':') ? ' or sealed anew' : ''}, or it is named here.`;

const counts = ({ rows }: Pack): string =>
  section(
    'What happened',
    table(
      'Rows of each file',
      ['File', 'What it holds', 'Rows'],
      TABLE_NAMES.map((name) => [`${name}.csv`, WHAT[name], rows[name]]),
    ),
  );

function exceptions({ exceptions: found, first, rows }: Pack): string {
  const total = rows.exceptions;
  if (total === 0) return section('Exceptions', paragraph('None were found.'));
  const more = total - first.length;
  return section(
    'Exceptions',
    table(
      'By kind',
      ['Exception', 'What it means', 'Count'],
      EXCEPTION_NAMES.filter((name) => found[name] > 0).map((name) => [
        ...[name, EXCEPTIONS[name]],
        found[name],
      ]),
    ),
    table('The first of them', ['At', 'Exception', 'Request', 'People', 'Details'], first),
    ...(more > 0 ? [paragraph(`${more} more are in exceptions.csv.`)] : []),
  );
}

const fileOf = (name: TableName | 'policies' | 'verification'): string =>
  name === 'policies' ? 'policies/' : name === 'verification' ? 'verification.json' : `${name}.csv`;

const controls = ({ framework }: Pack): string =>
  section(
    'Which control each file supports',
    paragraph('Supports means: an auditor can test the control with it. It is not the judgement.'),
    table(
      FRAMEWORK_TITLES[framework],
      ['Control', 'About', 'What the pack shows', 'Files'],
      CONTROLS[framework].map(({ id, about, shows, files: names }) => [
        ...[id, about, shows, names.map(fileOf).join(', ')],
      ]),
    ),
  );

const policies = ({ policies: inForce }: Pack): string =>
  section(
    'Policies in force',
    inForce.length === 0
      ? paragraph('No policy was in force in this period.')
      : table(
          'Policies by the moment they came into force',
          ['From', 'SHA-256 (its text is policies/SHA-256.yaml)'],
          inForce.map(({ from, hash }) => [from, hash]),
        ),
  );

const LISTS =
  'To go through who may have what: people.csv and rights.csv are what the policy said when the period ended, access-at-end.csv is what somebody had. Rights are those of the policy alone: hours, freezes and limits narrow them, and group: stands for whoever is in a group. Campaigns in which owners confirm each right are not part of this version: access here is asked for each time and ends by itself.';
const CUT =
  'That policy has too many people and targets for its rights to be told one by one: rights.csv holds only what roles give in Hallpass itself. Its text is in policies/.';

const reviews = ({ rows, reviews: found, isRightsCut }: Pack): string =>
  section(
    'Access reviews',
    paragraph('Access that was taken by break-glass has to be reviewed by somebody else.'),
    rows.reviews === 0
      ? paragraph('None was due or made in this period.')
      : table(
          'Reviews, each told in reviews.csv with who, when and what was found',
          ['Review', 'Count'],
          [
            ['Given in this period', found.justified + found['not-justified']],
            ['Of these, later than was due', found.late],
            ['Found not justified', found['not-justified']],
            ['Went overdue, or was so when the period ended', found.overdue],
            ['Owed and not yet due when the period ended', found.open],
          ],
        ),
    paragraph(LISTS),
    ...(isRightsCut ? [paragraph(CUT)] : []),
  );

const files = ({ files: written }: Pack): string =>
  section(
    'Files and their hashes',
    paragraph('Check all of them, this page included: sha256sum --check SHA256SUMS'),
    table(
      'SHA-256 of each file',
      ['File', 'Bytes', 'SHA-256'],
      written.map(({ name, bytes, sha256 }) => [name, bytes, sha256]),
    ),
  );
