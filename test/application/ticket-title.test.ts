/** What the ticket of a request is called, for who decides about it: words to show, and nothing that could stand in a decision's way. */
import { ticketTitle } from '../../shared/application/ticket-title.ts';
import { Fault } from '../../shared/ports.ts';
import type { TicketBook } from '../../shared/ports-outside.ts';
import { bench, pendingOn } from '../support/bench.ts';
import { deployRule } from '../support/company.ts';

const ticket = { pattern: '[A-Z]+-[0-9]+', exists_in: 'jira' };
const under = (title: TicketBook['title']) => ({ standing: async () => 'open' as const, title });
const kept = () => bench({ rules: [{ ...deployRule, justification: { min: 5, ticket } }] });
const known = async () => pendingOn(await bench());

test.each([
  ['Site down', { key: 'INC-123', title: 'Site down' }],
  ['  Site down\n', { key: 'INC-123', title: 'Site down' }],
  ['x'.repeat(201), { key: 'INC-123', title: `${'x'.repeat(200)}…` }],
  [`${'x'.repeat(199)}😀`, { key: 'INC-123', title: `${'x'.repeat(199)}…` }],
  ['x'.repeat(200), { key: 'INC-123', title: 'x'.repeat(200) }],
  [' ', null],
  [null, null],
])('%j is shown as %j', async (title, shown) => {
  const on = await kept();
  const state = { ...(await known()), ticket: 'INC-123' };
  const tickets = under(async () => title);
  expect(await ticketTitle({ ...on, tickets }, state)).toEqual(shown);
  // No rule of this policy looks tickets up.
  expect(await ticketTitle({ ...(await bench()), tickets }, state)).toBeNull();
});

test('a tracker that is silent shows nothing, and a defect is no silence', async () => {
  const on = await kept();
  const state = { ...(await known()), ticket: 'INC-123' };
  const by = (error: Error) =>
    ticketTitle({ ...on, tickets: under(() => Promise.reject(error)) }, state);
  expect(await by(new Fault('Jira is away.', { service: 'outside', retryable: true }))).toBeNull();
  await expect(by(new Error('a bug'))).rejects.toThrow('a bug');
  expect(await ticketTitle(on, state)).toBeNull();
  expect(
    await ticketTitle({ ...on, tickets: under(async () => 'x') }, { ...state, ticket: null }),
  ).toBeNull();
});
