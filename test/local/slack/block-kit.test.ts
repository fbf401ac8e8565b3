import fc from 'fast-check';
import { charactersIn, LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { problemsOfBlocks, tooLong } from '../../../local/slack/block-kit/blocks.ts';
import type { Surface } from '../../../local/slack/block-kit/problems.ts';
import { problemsOfAnsweredOptions } from '../../../local/slack/block-kit/suggestions.ts';
import { problemsOfView } from '../../../local/slack/block-kit/view.ts';
import { button, modal, section } from './workshop.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value), value });
const many = <T>(n: number, make: (index: number) => T) =>
  Array.from({ length: n }, (_, i) => make(i));
const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
const input = (element: unknown) => ({ type: 'input', label: plain('Label'), element });
const select = (more: object) => ({ type: 'static_select', action_id: 'role', ...more });
const typing = (more: object = {}) => ({ type: 'plain_text_input', action_id: 'reason', ...more });
const chart = (more: object) => ({ type: 'data_visualization', title: 'Grants', ...more });
const cells = (...texts: string[]) => texts.map((text) => ({ type: 'raw_text', text }));

const pointers = (blocks: unknown, surface: Surface = 'message') =>
  problemsOfBlocks(blocks, surface).map((one) => one.pointer);

/** Each row: what, the largest that fits, the smallest that does not, where it is pointed out. */
const edges: [string, unknown, unknown, string][] = [
  ['section text', section('x'.repeat(3000)), section('x'.repeat(3001)), '/0/text/text'],
  [
    'section fields',
    { type: 'section', fields: many(10, () => plain('x')) },
    { type: 'section', fields: many(11, () => plain('x')) },
    '/0/fields',
  ],
  [
    'field text',
    { type: 'section', fields: [plain('x'.repeat(2000))] },
    { type: 'section', fields: [plain('x'.repeat(2001))] },
    '/0/fields/0/text',
  ],
  [
    'header',
    { type: 'header', text: plain('x'.repeat(150)) },
    { type: 'header', text: plain('x'.repeat(151)) },
    '/0/text/text',
  ],
  [
    'context elements',
    { type: 'context', elements: many(10, () => plain('x')) },
    { type: 'context', elements: many(11, () => plain('x')) },
    '/0/elements',
  ],
  [
    'buttons in a row',
    actions(...many(25, (n) => button(`b${n}`, 'v'))),
    actions(...many(26, (n) => button(`b${n}`, 'v'))),
    '/0/elements',
  ],
  [
    'button text',
    actions({ ...button('b', 'v'), text: plain('x'.repeat(75)) }),
    actions({ ...button('b', 'v'), text: plain('x'.repeat(76)) }),
    '/0/elements/0/text/text',
  ],
  [
    'button value',
    actions(button('b', 'x'.repeat(2000))),
    actions(button('b', 'x'.repeat(2001))),
    '/0/elements/0/value',
  ],
  [
    'action id',
    actions({ ...button('b', 'v'), action_id: 'x'.repeat(255) }),
    actions({ ...button('b', 'v'), action_id: 'x'.repeat(256) }),
    '/0/elements/0/action_id',
  ],
  [
    'block id',
    section('x', { block_id: 'x'.repeat(255) }),
    section('x', { block_id: 'x'.repeat(256) }),
    '/0/block_id',
  ],
  [
    'options of a menu',
    actions(select({ options: many(100, (n) => option(`o${n}`)) })),
    actions(select({ options: many(101, (n) => option(`o${n}`)) })),
    '/0/elements/0/options',
  ],
  [
    'option text',
    actions(select({ options: [{ text: plain('x'.repeat(75)), value: 'v' }] })),
    actions(select({ options: [{ text: plain('x'.repeat(76)), value: 'v' }] })),
    '/0/elements/0/options/0/text/text',
  ],
  [
    'confirm text',
    actions({ ...button('b', 'v'), confirm: confirm('x'.repeat(300)) }),
    actions({ ...button('b', 'v'), confirm: confirm('x'.repeat(301)) }),
    '/0/elements/0/confirm/text/text',
  ],
  [
    'check boxes',
    actions({ type: 'checkboxes', action_id: 'c', options: many(10, (n) => option(`o${n}`)) }),
    actions({ type: 'checkboxes', action_id: 'c', options: many(11, (n) => option(`o${n}`)) }),
    '/0/elements/0/options',
  ],
  [
    'overflow entries',
    actions({ type: 'overflow', action_id: 'c', options: many(5, (n) => option(`o${n}`)) }),
    actions({ type: 'overflow', action_id: 'c', options: many(6, (n) => option(`o${n}`)) }),
    '/0/elements/0/options',
  ],
  [
    'longest input',
    input(typing({ max_length: 3000 })),
    input(typing({ max_length: 3001 })),
    '/0/element/max_length',
  ],
  [
    'table rows',
    { type: 'table', rows: many(100, () => cells('x')) },
    { type: 'table', rows: many(101, () => cells('x')) },
    '/0/rows',
  ],
  [
    'characters in a table',
    { type: 'data_table', caption: 'x', rows: many(5, () => cells('x'.repeat(2000))) },
    { type: 'data_table', caption: 'x', rows: many(6, () => cells('x'.repeat(1999))) },
    '/0/rows',
  ],
  [
    'slices of a pie',
    chart({ chart: { type: 'pie', segments: many(6, (n) => ({ label: `l${n}`, value: n })) } }),
    chart({ chart: { type: 'pie', segments: many(7, (n) => ({ label: `l${n}`, value: n })) } }),
    '/0/chart/segments',
  ],
];

function confirm(text: string) {
  return {
    title: plain('End access'),
    text: plain(text),
    confirm: plain('End'),
    deny: plain('No'),
  };
}

describe('at the edge of each limit', () => {
  test.each(edges)('%s: the largest fits, one more does not', (_what, fits, breaks, pointer) => {
    expect(pointers([fits])).toEqual([]);
    expect(pointers([breaks])).toEqual([pointer]);
  });
});

test('a message holds 50 blocks, a view 100', () => {
  const divider = () => ({ type: 'divider' });
  expect(pointers(many(50, divider))).toEqual([]);
  expect(pointers(many(51, divider))).toEqual(['/']);
  expect(pointers(many(100, divider), 'home')).toEqual([]);
  expect(pointers(many(101, divider), 'modal')).toEqual(['/']);
});

describe('what Slack does not know is refused', () => {
  test.each<[string, unknown, string]>([
    ['block type', { type: 'confetti' }, '/0/type'],
    ['inherited name as block type', { type: 'constructor' }, '/0/type'],
    ['field', section('x', { colour: 'red' }), '/0/colour'],
    ['element type', actions({ type: 'slider', action_id: 'a' }), '/0/elements/0/type'],
    ['element in the wrong place', actions(typing()), '/0/elements/0/type'],
    ['button as an input', input(button('b', 'v')), '/0/element/type'],
    ['style', actions({ ...button('b', 'v'), style: 'fancy' }), '/0/elements/0/style'],
    ['rich text leaf', rich({ type: 'laser' }), '/0/elements/0/elements/0/type'],
    ['chart', chart({ chart: { type: 'radar' } }), '/0/chart/type'],
    ['text type', { type: 'section', text: { type: 'html', text: 'x' } }, '/0/text/type'],
    ['mrkdwn in a header', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }, '/0/text/type'],
  ])('%s', (_what, block, pointer) => {
    expect(pointers([block])).toEqual([pointer]);
  });
});

function rich(leaf: object) {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [leaf] }] };
}

describe('what is missing is pointed out', () => {
  test.each<[string, unknown, string]>([
    ['text of a section', { type: 'section' }, '/0'],
    ['empty text', section(''), '/0/text/text'],
    ['action id', actions({ type: 'button', text: plain('x') }), '/0/elements/0/action_id'],
    ['alt text', { type: 'image', image_url: 'https://a.example/i.png' }, '/0/alt_text'],
    ['options', actions(select({})), '/0/elements/0'],
    ['element of an input', { type: 'input', label: plain('x') }, '/0/element'],
    [
      'confirm title',
      actions({ ...button('b', 'v'), confirm: untitled() }),
      '/0/elements/0/confirm/title',
    ],
  ])('%s', (_what, block, pointer) => {
    expect(pointers([block])).toEqual([pointer]);
  });
});

function untitled() {
  const { title: _title, ...rest } = confirm('Sure?');
  return rest;
}

test('two blocks with one id are refused', () => {
  const twice = [section('a', { block_id: 'same' }), section('b', { block_id: 'same' })];
  expect(problemsOfBlocks(twice, 'message')).toMatchObject([{ pointer: '/1', code: 'duplicate' }]);
});

test('two elements of a block with one action id are refused, in two blocks they are fine', () => {
  const one = button('approve', '1');
  expect(problemsOfBlocks([actions(one, one)], 'message')).toMatchObject([
    { pointer: '/0', code: 'duplicate' },
  ]);
  expect(pointers([actions(one), actions(one)])).toEqual([]);
});

test('an instant is ten digits of seconds, and its picker stands in forms and rows only', () => {
  const picker = (at?: unknown) => ({
    ...{ type: 'datetimepicker', action_id: 'from' },
    ...(at === undefined ? {} : { initial_date_time: at }),
  });
  expect(pointers([input(picker()), actions(picker(1_795_366_800))], 'modal')).toEqual([]);
  for (const wrong of [17_953_668_000, 999_999_999, '1795366800', 1_795_366_800.5])
    expect(pointers([input(picker(wrong))], 'modal')).toEqual(['/0/element/initial_date_time']);
  const beside = { ...section('When?'), accessory: picker() };
  expect(pointers([beside], 'modal')).toContain('/0/accessory/type');
});

test('an initial choice that is not among the choices is refused', () => {
  const menu = (value: string) => select({ options: [option('a')], initial_option: option(value) });
  expect(pointers([actions(menu('a'))])).toEqual([]);
  expect(pointers([actions(menu('b'))])).toEqual(['/0/elements/0/initial_option']);
});

test('the rows of a table are equally long, and a data table has a header of plain cells', () => {
  const ragged = { type: 'table', rows: [cells('a', 'b'), cells('c')] };
  expect(pointers([ragged])).toEqual(['/0/rows/1']);
  const rows = [[{ ...rich({ type: 'text', text: 'x' }) }], cells('y')];
  expect(pointers([{ type: 'data_table', caption: 'c', rows }])).toEqual(['/0/rows/0/0']);
});

test('a chart has a value per category for every series, and at most two stand in a message', () => {
  const bars = (labels: string[]) =>
    chart({
      chart: {
        type: 'bar',
        series: [{ name: 'github', data: labels.map((label) => ({ label, value: 1 })) }],
        axis_config: { categories: ['Mon', 'Tue'] },
      },
    });
  expect(pointers([bars(['Mon', 'Tue'])])).toEqual([]);
  expect(pointers([bars(['Mon'])])).toEqual(['/0/chart/series/0/data']);
  expect(pointers(many(3, () => bars(['Mon', 'Tue'])))).toEqual(['/']);
});

test('only modals show alerts', () => {
  const alert = { type: 'alert', text: plain('Careful'), level: 'warning' };
  expect(pointers([alert], 'modal')).toEqual([]);
  expect(pointers([alert])).toEqual(['/0']);
});

describe('views', () => {
  const where = (view: unknown, type: 'modal' | 'home' = 'modal') =>
    problemsOfView(view, type).map((one) => one.pointer);

  test('the product’s own kind of modal passes', () => {
    expect(where(modal('approve', { private_metadata: '', notify_on_close: true }))).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['title beyond 24', { title: plain('x'.repeat(25)) }, '/view/title/text'],
    ['submit beyond 24', { submit: plain('x'.repeat(25)) }, '/view/submit/text'],
    ['close beyond 24', { close: plain('x'.repeat(25)) }, '/view/close/text'],
    [
      'private_metadata beyond 3000',
      { private_metadata: 'x'.repeat(3001) },
      '/view/private_metadata',
    ],
    ['callback_id beyond 255', { callback_id: 'x'.repeat(256) }, '/view/callback_id'],
    ['no callback_id', { callback_id: undefined }, '/view/callback_id'],
    ['an input without submit', { submit: undefined }, '/view/submit'],
    ['a field of no view', { colour: 'red' }, '/view/colour'],
    ['the wrong type', { type: 'home' }, '/view/type'],
  ])('%s is refused', (_what, change, pointer) => {
    expect([...new Set(where(modal('approve', { ...change })))]).toEqual([pointer]);
  });

  test('a Home tab has no title and no submit', () => {
    expect(where({ type: 'home', blocks: [section('hi')] }, 'home')).toEqual([]);
    const { callback_id: _id, ...rest } = modal('x');
    expect(where({ ...rest, type: 'home' }, 'home')).toEqual(['/view/title', '/view/submit']);
  });

  test('what is no view at all is refused', () => {
    expect(where('modal')).toEqual(['/view']);
    expect(where(null, 'home')).toEqual(['/view']);
  });
});

describe('answers to a menu that asks for choices', () => {
  test('none, some and grouped ones pass', () => {
    const groups = [{ label: plain('GitHub'), options: [option('a')] }];
    for (const answer of [{ options: [] }, { options: [option('a')] }, { option_groups: groups }])
      expect(problemsOfAnsweredOptions(answer)).toEqual([]);
  });

  test('more than 100, both kinds, and nothing are refused', () => {
    const options = many(101, (n) => option(`o${n}`));
    for (const answer of [
      { options },
      { options: [option('a')], option_groups: [] },
      {},
      undefined,
    ])
      expect(problemsOfAnsweredOptions(answer)).not.toEqual([]);
  });
});

describe('whatever it is given', () => {
  const jsonish = fc.object({
    key: fc.constantFrom(
      'type',
      'text',
      'elements',
      'blocks',
      'block_id',
      'options',
      'rows',
      'chart',
    ),
    values: [
      fc.constantFrom(
        'section',
        'actions',
        'input',
        'table',
        'rich_text',
        'button',
        'modal',
        'mrkdwn',
      ),
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ],
    maxDepth: 4,
  });

  test('the judge answers and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(jsonish),
        fc.constantFrom<Surface>('message', 'modal', 'home'),
        (blocks, on) => {
          expect(Array.isArray(problemsOfBlocks(blocks, on))).toBe(true);
          expect(problemsOfView({ type: 'modal', blocks }, 'modal')).not.toEqual([]);
          expect(charactersIn(blocks)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test('a section passes exactly when its text has 1 to 3000 characters', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3200 }),
        fc.constantFrom('x', 'ä', '😀'),
        (n, letter) => {
          const text = letter.repeat(n);
          const fits = text.length >= 1 && text.length <= LIMITS.section.text;
          expect(problemsOfBlocks([section(text)], 'message').length === 0).toBe(fits);
        },
      ),
    );
  });

  test('a message is too long exactly when its texts together exceed the limit', () => {
    const texts = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 10 });
    fc.assert(
      fc.property(texts, (lengths) => {
        const sum = lengths.reduce((a, b) => a + b, 0);
        expect(tooLong(lengths.map((n) => section('x'.repeat(n))))).toBe(
          sum > LIMITS.message.charactersOverAllBlocks,
        );
      }),
    );
  });
});
