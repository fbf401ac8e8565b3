/** The ticket of a justification: which one it is, and what its standing means. */
import fc from 'fast-check';
import {
  type Ask,
  evaluate,
  type PolicyFacts,
  preview,
  standsBehind,
} from '../../../shared/domain/policy/evaluate.ts';
import {
  endsWithTicket,
  ticketAsked,
  ticketsConcerned,
} from '../../../shared/domain/policy/ticket.ts';
import { ticketPattern } from '../../../shared/domain/policy/ticket-pattern.ts';
import { ask, deployRule, facts, policy, withRule } from './given.ts';

const first = (pattern: string, text: string) => {
  const compiled = ticketPattern(pattern);
  return compiled.ok ? compiled.value.first(text) : compiled.error;
};

describe('the first match of a pattern', () => {
  test.each([
    ['[A-Z]+-[0-9]+', 'fix INC-123, then OPS-7', 'INC-123'],
    ['[A-Z]+-[0-9]+', 'INC-1', 'INC-1'],
    ['[A-Z]+-[0-9]+', 'inc-1', null],
    ['a|ab', 'x ab', 'ab'],
    ['ab|ab-cd', 'ab-cd', 'ab-cd'],
    ['b+|ab-x', 'ab-bb', 'bb'],
    ['(-ab)+', 'a-ab-ab-abc', '-ab-ab'],
    ['[a-z]+#[0-9]{1,4}', '😀 acme#1234', 'acme#1234'],
    ['x?y', 'z-xy', 'xy'],
    // A ticket of another project, or with another number, is not this one.
    ['OPS-[0-9]+', 'DEVOPS-12 is it', null],
    ['OPS-[0-9]+', 'DEVOPS-12, not OPS-7', 'OPS-7'],
    ['OPS-[0-9]{3}', 'OPS-12345', null],
    ['OPS-[0-9]+', 'OPS-7th, or (OPS-8)', 'OPS-8'],
    ['OPS-[0-9]+', 'ÄOPS-7 OPS-9٣ _OPS-1 OPS-1_', null],
    ['OPS-[0-9]+', '-OPS-7-', 'OPS-7'],
    ['acme/[a-z]+#[0-9]+', 'notacme/shop#12', null],
    ['acme/[a-z]+#[0-9]+', 'https://github.com/acme/shop#12.', 'acme/shop#12'],
  ])('%s in %j is %j', (pattern, text, expected) => {
    expect(first(pattern, text)).toBe(expected);
  });

  test('is of all parts of the text that the pattern takes as a whole, and that begin and end no word in its midst, the first and longest', () => {
    const pattern = fc.constantFrom('[ab]+c', 'a|bc', '(ab){1,2}', 'a?b?c', '[^a]b', 'a(-b)*');
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-', '😀'), maxLength: 9 });
    const takenBy = (source: string, written: string): string | null => {
      const chars = [...written];
      const inWord = (at: number) =>
        [chars[at - 1] ?? '', chars[at] ?? ''].every((char) => /[abc]/.test(char));
      for (let from = 0; from < chars.length; from += 1)
        for (let to = chars.length; to > from && !inWord(from); to -= 1) {
          const part = chars.slice(from, to).join('');
          if (!inWord(to) && new RegExp(`^(?:${source})$`, 'u').test(part)) return part;
        }
      return null;
    };
    fc.assert(
      fc.property(pattern, text, (source, written) => {
        expect(first(source, written)).toBe(takenBy(source, written));
      }),
      { numRuns: 300 },
    );
  });

  test('comes to an end where going back and forth would not, whatever the pattern and the text are', () => {
    expect(first('(a|aa)+b', 'a'.repeat(3000))).toBeNull();
  });
});

const kept = (more: object = {}) => ({
  min: 5,
  ticket: { pattern: '[A-Z]+-[0-9]+', exists_in: 'jira', ...more },
});
type Standing = 'open' | 'closed' | 'missing';
const known = (standing?: Standing): Partial<PolicyFacts> =>
  standing ? { tickets: new Map([['jira:INC-123', standing]]) } : { tickets: new Map() };
const said = (more: object, standing?: Standing, about: Partial<Ask> = {}) => {
  const verdict = evaluate(
    withRule({ justification: kept(more) }),
    ask(about),
    facts(known(standing)),
  );
  return verdict.permitted ? 'permitted' : verdict.refusal.code;
};

describe('a ticket that is kept in a tracker', () => {
  test.each([
    [{}, 'open', 'permitted'],
    [{}, 'closed', 'permitted'],
    [{}, 'missing', 'ticket-unknown'],
    [{}, undefined, 'ticket-unreadable'],
    [{ open: true }, 'open', 'permitted'],
    [{ open: true }, 'closed', 'ticket-closed'],
    [{ ends_access: true }, 'closed', 'ticket-closed'],
    [{ open: true }, undefined, 'ticket-unreadable'],
  ] as const)('%j, %s: %s', (more, standing, expected) => {
    expect(said(more, standing)).toBe(expected);
    const recorded = { justification: { accepted: true, ticket: 'INC-123' } } as const;
    expect(said(more, standing, recorded)).toBe(expected);
  });

  test('is the one that was named: another one that is open does not help', () => {
    const other = { justification: { text: 'OPS-7 instead of INC-123' } };
    expect(said({}, 'open', other)).toBe('ticket-unreadable');
  });

  test.each([
    ['DEVOPS-12 rollback', { instead: 'DEVOPS-12' }],
    ['as in INC-123: rollback', { instead: 'INC-123' }],
    ['the release of 2026-11-22', {}],
    ['inc-123 rollback', {}],
    ['xINC-123 and INC-123x', {}],
  ])('of another project is none: %j says which', (text, more) => {
    const ticket = { pattern: 'OPS-[0-9]+', exists_in: 'jira' };
    const verdict = evaluate(
      withRule({ justification: { ticket } }),
      ask({ justification: { text } }),
      facts({ tickets: new Map([['jira:OPS-12', 'open']]) }),
    );
    expect(verdict).toMatchObject({ permitted: false });
    const refusal = verdict.permitted ? null : verdict.refusal;
    expect(refusal).toEqual({ code: 'ticket-missing', pattern: ticket.pattern, ...more });
  });

  test('is missing where the request has none, and is not judged for lists nor when issued', () => {
    const none = { justification: { accepted: true, ticket: null } } as const;
    expect(said({}, 'open', none)).toBe('ticket-missing');
    const rules = withRule({ justification: kept({ open: true }) });
    const accepted = ask({ justification: { accepted: true } });
    expect(preview(rules, accepted, facts()).permitted).toBe(true);
    const recorded = ask({ justification: { accepted: true, ticket: 'INC-123' } });
    expect(standsBehind(rules, recorded, facts(known('closed'))).permitted).toBe(true);
  });

  test('without facts about tickets at all nothing is decided', () => {
    const verdict = evaluate(withRule({ justification: kept() }), ask(), facts());
    expect(verdict).toMatchObject({ permitted: false, refusal: { code: 'ticket-unreadable' } });
  });
});

describe('which ticket it is', () => {
  const github = withRule({
    justification: { ticket: { pattern: '[a-z]+/[a-z]+#[0-9]+', exists_in: 'github' } },
  });

  test('a pattern alone names one as well, and nobody looks whether it exists', () => {
    expect(ticketAsked(policy(), 'prod-deploy', 'INC-123 rollback')).toBe('INC-123');
    expect(ticketsConcerned(policy(), 'github:acme/deployers', { text: 'INC-123' })).toEqual([]);
    for (const justification of [undefined, {}, { min: 10 }])
      expect(
        ticketsConcerned(withRule({ justification }), 'github:acme/deployers', { key: 'INC-123' }),
      ).toEqual([]);
  });

  test.each([
    ['see acme/web#12', 'acme/web#12'],
    ['see acme/web#0', null],
    ['see web#12', null],
  ])('at GitHub %j is %j', (text, key) => {
    expect(ticketAsked(github, 'prod-deploy', text)).toBe(key);
  });

  test('a sentence is no ticket, whatever the pattern takes', () => {
    const wide = withRule({ justification: { ticket: '.+' } });
    expect(ticketAsked(wide, 'prod-deploy', 'my password is hunter2')).toBeNull();
    expect(ticketAsked(wide, 'prod-deploy', `A-${'1'.repeat(63)}`)).toBeNull();
    expect(ticketAsked(wide, 'gone', 'INC-1')).toBeNull();
  });

  test('the rule that is named says which, another or one without tickets says none', () => {
    const { justification: _, ...silent } = deployRule;
    const rules = [
      { ...silent, id: 'silent' },
      { ...deployRule, justification: kept({ ends_access: true }) },
    ];
    const two = policy({ rules });
    expect(ticketAsked(two, 'prod-deploy', 'INC-1')).toBe('INC-1');
    expect(ticketAsked(two, 'silent', 'INC-1')).toBeNull();
    expect(endsWithTicket(two, 'prod-deploy')).toBe('jira');
    for (const id of ['silent', 'gone']) expect(endsWithTicket(two, id)).toBeNull();
  });

  test('only rules that say where are asked about, of what was said or recorded', () => {
    const rules = withRule({ justification: kept({ ends_access: true }) });
    const jira = [{ tracker: 'jira', key: 'INC-1' }];
    expect(ticketsConcerned(rules, 'github:acme/deployers', { text: 'x INC-1' })).toEqual(jira);
    expect(ticketsConcerned(rules, 'github:acme/deployers', { key: 'INC-1' })).toEqual(jira);
    expect(ticketsConcerned(rules, 'github:acme/deployers', { key: null })).toEqual([]);
    expect(ticketsConcerned(rules, 'gitlab:acme/web', { key: 'INC-1' })).toEqual([]);
    expect([endsWithTicket(rules, 'prod-deploy'), endsWithTicket(policy(), 'prod-deploy')]).toEqual(
      [...['jira', null]],
    );
  });
});

test.each([
  [{ pattern: '[A-Z]+', open: true }],
  [{ pattern: '[A-Z]+', ends_access: true }],
  [{ pattern: '(', exists_in: 'jira' }],
  [{ exists_in: 'jira' }],
  [{ pattern: '[A-Z]+', exists_in: 'linear' }],
  [7],
])('a ticket that is none is refused: %j', (ticket) => {
  expect(() => policy({ rules: [{ ...deployRule, justification: { ticket } }] })).toThrow();
});
