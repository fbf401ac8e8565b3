import { pageWordsFor, refusalPage } from '../../../lambdas/enroll/page-html.ts';
import {
  enrolmentRefusalLine,
  enrolmentRefusalMessage,
  enrolmentWordsFor,
} from '../../../lambdas/slack/views/enroll-refusals.ts';
import { refusalLine, refusalMessage } from '../../../lambdas/slack/views/refusal-message.ts';
import { REFUSAL_CODES, wordsFor } from '../../../lambdas/slack/views/refusals.ts';
import {
  enrolmentSamples,
  operatorSamples,
  pageSamples,
} from '../../../local/docs/enrolment-refusal-samples.ts';
import { errorsPage, type Telling, tellings } from '../../../local/docs/errors-page.ts';
import { fromMrkdwn } from '../../../local/docs/from-mrkdwn.ts';
import {
  EXAMPLE_TYPED,
  SAMPLE_NOW as now,
  refusalSamples,
  type Typed,
} from '../../../local/docs/refusal-samples.ts';
import { refusedWords } from '../../../local/operate.ts';
import { problemsOfBlocks } from '../../../local/slack/block-kit/blocks.ts';
import { REFUSAL_CODES as STABLE } from '../../../shared/application/refusal-codes.ts';
import { POLICY_REFUSAL_CODES } from '../../../shared/domain/policy/refusal.ts';
import { textOf } from './story.ts';

const EVIL = '<!channel> <@U0BO> <https://evil|Approve> `x` *y*\n\u202E';
const HOSTILE = { target: EVIL, role: EVIL, word: EVIL, name: EVIL };
/** As Slack shows each: in a message of its own, and as one line under a field. */
const shown = (typed: Typed) => [
  ...Object.values(refusalSamples(typed)).map(({ refusal }) => ({
    code: refusal.code,
    message: refusalMessage(refusal, now),
    line: refusalLine(refusal, now),
  })),
  ...Object.values(enrolmentSamples(typed)).map(({ refusal }) => ({
    code: refusal.code,
    message: enrolmentRefusalMessage(refusal, now),
    line: enrolmentRefusalLine(refusal, now),
  })),
];
const all = tellings(EXAMPLE_TYPED);

test('every code has a sentence, and every code of the policy is among them', () => {
  expect(Object.keys(refusalSamples(HOSTILE)).sort()).toEqual([...REFUSAL_CODES].sort());
  expect(REFUSAL_CODES).toEqual(expect.arrayContaining([...POLICY_REFUSAL_CODES]));
  expect(all.map(({ code }) => code)).toEqual(expect.arrayContaining(Object.values(STABLE).flat()));
});

const saying = (telling: Telling): string => telling.sentences.map(([, text]) => text).join(' ');

test.each(all)('$code ($met.0): whole sentences, what to do among them, and a place', (telling) => {
  const { sentences, met } = telling;
  expect(['What happened,Why,What to do', 'It says']).toContain(
    `${sentences.map(([label]) => label)}`,
  );
  for (const [, sentence] of sentences) {
    expect(sentence).toMatch(/^["`A-Z0-9<*/].*[.?…]`?$/s);
    expect(sentence).not.toMatch(/undefined|null|NaN|\[object/);
  }
  expect(saying(telling).match(/[.?] /g)?.length ?? 0).toBeGreaterThanOrEqual(1);
  expect(sentences.at(-1)?.[1].length).toBeGreaterThan(10);
  expect(met.length).toBeGreaterThan(0);
  expect(new Set(met).size).toBe(met.length);
});

test.each(shown(HOSTILE))(
  '$code, as Slack shows it: its code in small print, within limits, and in one line',
  ({ code, message: { text, blocks }, line }) => {
    expect(text).toMatch(new RegExp(`^[A-Z].*[.?…] \\(${code}\\)$`));
    expect(textOf(blocks.at(-1))).toContain(code);
    expect(problemsOfBlocks(blocks, 'message')).toEqual([]);
    expect(line).toContain(`(${code})`);
    expect(line).not.toContain('`');
    expect(line.length).toBeLessThan(500);
  },
);

const mentionsIn = (blocks: readonly object[]): number =>
  textOf(blocks).match(/<[@!#]/g)?.length ?? 0;
const calm = new Map(shown(EXAMPLE_TYPED).map(({ code, message }) => [code, message.blocks]));

test.each(shown(HOSTILE))(
  '$code lets nothing typed act: no mention, link or ping beyond those of its own',
  ({ code, message: { text, blocks } }) => {
    expect(textOf(blocks)).not.toMatch(/<!(channel|here|everyone)|<https|\u202E/);
    expect(mentionsIn(blocks)).toBe(mentionsIn(calm.get(code) ?? []));
    expect(text).not.toContain('evil');
  },
);

test('on the way to an authenticator the common codes have the common words', () => {
  const refusal = { code: 'code-already-used' } as const;
  expect(enrolmentWordsFor(refusal, now)).toEqual(wordsFor(refusal, now));
  expect(enrolmentRefusalMessage(refusal, now)).toEqual(refusalMessage(refusal, now));
});

test('the page on which a refusal stands has its words, its code, and no markup of anybody', () => {
  for (const { refusal } of Object.values(pageSamples())) {
    const { html, status } = refusalPage(refusal);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(html).toContain(`<small>${refusal.code}</small>`);
    expect(html).toContain(`<h1>${pageWordsFor(refusal).title}</h1>`);
  }
});

test('the terminal says what to do as well', () => {
  for (const { refusal } of Object.values(operatorSamples()))
    expect(refusedWords(refusal)).toMatch(/^[A-Z][^.]+[.:] .+\.$/);
});

test('nobody who could vouch, and nobody who could confirm: both are said to mend the policy', () => {
  const vouch = { code: 'vouching-needed', vouchers: [] } as const;
  expect(enrolmentWordsFor(vouch, now).next).toContain('an operator of Hallpass');
  const second = { code: 'second-person-needed', confirmers: [] } as const;
  expect(enrolmentWordsFor(second, now).next).toContain('add an approver or admin');
});

test('the page about refusals has each code once, as a heading to link to, and no markup of Slack', () => {
  const page = errorsPage();
  const headings = [...page.matchAll(/^### `([a-z-]+)`$/gm)].map(([, code]) => code);
  expect(new Set(headings).size).toBe(headings.length);
  expect([...headings].sort()).toEqual([...new Set(all.map(({ code }) => code))].sort());
  expect(page).not.toMatch(/<[@!#]|&lt;|&amp;/);
});

test('mrkdwn becomes what people see of it', () => {
  expect(
    fromMrkdwn('<@U0BO>, <@U0NEW>: from <!date^1^{time}|09:00Z> in <#C0ACCESS> &lt;b&gt; &amp;'),
  ).toBe('@bo, @somebody: from 09:00Z in #channel <b> &');
});

test('whoever is not enrolled gets the button that starts it', () => {
  const { blocks } = refusalMessage({ code: 'not-enrolled' }, now);
  expect(JSON.stringify(blocks)).toContain('"action_id":"enroll"');
});

test('a ticket of another project is named, and no line of a person’s is believed on the way', () => {
  const missing = { code: 'ticket-missing', pattern: 'OPS-[0-9]+' } as const;
  expect(wordsFor(missing, now).happened).toBe('The reason names no ticket.');
  const { happened, why, next } = wordsFor({ ...missing, instead: 'INC-123' }, now);
  expect(happened).toBe('That is no ticket for this.');
  expect(why).toContain('`INC-123` is none that the rule takes');
  expect(next).toContain('for example `OPS-1');
});

test.each([
  [
    { typed: '', after: 'end-all' },
    ['Say for whom.', 'A name is missing.'],
    '/access end-all @name`.',
  ],
  [
    { typed: 'zed', after: 'authenticator reset' },
    ['There is nobody by that name.', 'The policy does not list `zed`.'],
    '/access authenticator reset @name`.',
  ],
  [
    { typed: 'zed', after: 'enroll' },
    ['There is nobody by that name.', 'The policy does not list `zed`.'],
    '/access enroll @name`, or alone for yourself.',
  ],
])(
  'whoever names nobody is told how that very command is written: %j',
  (about, [said, because], how) => {
    const { happened, why, next } = enrolmentWordsFor(
      { code: 'nobody-by-that-name', ...about },
      now,
    );
    expect([happened, why]).toEqual([said, because]);
    expect(next).toContain(how);
  },
);

test('what cannot be made longer at all is not told to ask for less', () => {
  const long = { code: 'extension-too-long', maxTotalSeconds: 900 } as const;
  expect(wordsFor(long, now).next).toContain('Ask for less');
  const { why, next } = wordsFor({ ...long, full: true }, now);
  expect(why).toBe('It may last 15m in all, and does.');
  expect(next).not.toContain('less');
});
