/** A rule that looks its tickets up: what is missing, closed or unreadable at the ask and at the approval, and access that ends with its ticket. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { openStage, type Stage } from './stage.ts';

const POLICY = `
version: 1
timezone: Europe/Berlin
enrolment: open
new_authenticator_hold: 0m
security_channel: C0SECURITY
roles: { developer: {}, release-manager: {}, admin: {} }
people:
  ana: { slack: U0ANA, roles: [developer], accounts: { github: ana-dev } }
  bo: { slack: U0BO, roles: [release-manager], accounts: { github: bo-rm } }
  dee: { slack: U0DEE, roles: [admin], accounts: { github: dee-admin } }
entitlements:
  github:acme/deployers: { provider: github, kind: team, resource: acme/deployers, roles: [member] }
rules:
  - id: with-ticket
    entitlements: ["github:acme/deployers"]
    requesters: { roles: [developer] }
    max_duration: 2h
    approvals: [{ from: { roles: [release-manager] }, count: 1 }]
    justification: { ticket: TICKET }
    channel: C0ACCESS
`;
const JIRA = '{ pattern: "[A-Z]+-[0-9]+", exists_in: jira, open: true, ends_access: true }';
const LINE = 'github:acme/deployers member 30m INC-123 rollback';

let stage: Stage;
afterEach(() => stage.close());
async function begin(ticket = JIRA) {
  const policyFile = join(temporaryFolder(), 'access.yaml');
  writeFileSync(policyFile, POLICY.replace('TICKET', ticket));
  stage = await openStage({ policyFile });
  return stage.world.outside.controls;
}
const asks = (line = LINE) => stage.people.type('U0ANA', '/request-access', line);
/** Past what is remembered of an answer. */
const later = () => stage.advance(60);
async function granted(): Promise<string> {
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  expect(await stage.people.approve('U0BO', id)).toEqual({});
  await stage.settle();
  expect(await stage.status(id)).toBe('active');
  return id;
}

it('a ticket that is missing, closed or unreadable refuses the ask in words; an open one is recorded', async () => {
  const tickets = await begin();
  expect(await asks()).toContain('ticket-unknown');
  await later();
  tickets.setTicket('INC-123', 'closed');
  expect(await asks()).toContain('ticket-closed');
  await later();
  tickets.trouble('acme.atlassian.net', 503);
  expect(await asks()).toContain('ticket-unreadable');
  expect(await asks('github:acme/deployers member 30m no ticket at all')).toContain(
    'ticket-missing',
  );
  tickets.trouble('acme.atlassian.net', null);
  tickets.setTicket('INC-123', 'open');
  const id = await stage.people.ask('U0ANA', LINE);
  const [asked] = await stage.world.journal.history('request', id);
  expect(asked?.event).toMatchObject({ type: 'AccessRequested', v: 2, ticket: 'INC-123' });
});

it('an approver reads what the ticket is called, as harmless words and not as a part of what is approved', async () => {
  const tickets = await begin();
  tickets.setTicket('INC-123', 'open');
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  await stage.people.openApproval('U0BO', id);
  const form = stage.world.slack.state().views.findLast(({ user }) => user === 'U0BO');
  expect(form?.blocks).toContainEqual(
    expect.objectContaining({
      type: 'rich_text',
      elements: [
        expect.objectContaining({
          elements: [
            expect.objectContaining({ text: 'Ticket INC-123, as its tracker calls it now' }),
          ],
        }),
        {
          type: 'rich_text_quote',
          elements: [{ type: 'text', text: 'What INC-123 is about <!channel>' }],
        },
      ],
    }),
  );
  // What the tracker says of it is nowhere else, and nowhere for good.
  expect(JSON.stringify(stage.people.card(id))).not.toContain('is about');
  expect(JSON.stringify(await stage.world.journal.history('request', id))).not.toContain(
    'is about',
  );
});

it('a ticket that was closed meanwhile refuses the approval, and does not stand in the way of a denial', async () => {
  const tickets = await begin();
  tickets.setTicket('INC-123', 'open');
  const id = await stage.people.ask('U0ANA', LINE);
  await stage.settle();
  tickets.setTicket('INC-123', 'closed');
  await later();
  await stage.people.openApproval('U0BO', id).catch(() => 'no form');
  expect(stage.people.lastEphemeral('U0BO')).toContain('ticket-closed');
  expect(await stage.status(id)).toBe('pending');
  expect(await stage.people.deny('U0BO', id, 'It is solved already')).toEqual({});
  expect(await stage.status(id)).toBe('denied');
});

it('closing the ticket ends access within minutes, and the words say why', async () => {
  const tickets = await begin();
  tickets.setTicket('INC-123', 'open');
  const id = await granted();
  await stage.advance(400);
  expect(await stage.status(id)).toBe('active');
  tickets.setTicket('INC-123', 'closed');
  await stage.advance(300);
  expect(await stage.status(id)).toBe('ended');
  expect(stage.members()).not.toContain('ana-dev (member)');
  const events = await stage.world.journal.history('request', id);
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({
      ...{ type: 'GrantRevoked', cause: 'ticket', actor: { kind: 'sweep' }, reason: null },
    }),
  );
  expect(JSON.stringify(stage.people.card(id)?.blocks)).toContain(
    'its ticket `INC-123` was closed',
  );
  expect(JSON.stringify(stage.people.thread(id))).toContain('the ticket it was for was closed');
  expect((await stage.world.journal.read('watch', id)).value).toBeNull();
});

it('a ticket that cannot be read, or is gone, ends nothing and is noted; the watch ends with the access', async () => {
  const tickets = await begin();
  tickets.setTicket('INC-123', 'open');
  const id = await granted();
  tickets.trouble('acme.atlassian.net', 500);
  await stage.advance(400);
  expect(await stage.status(id)).toBe('active');
  const unreadable = await stage.world.journal.read('watch', id);
  expect(unreadable.value?.unreadableSince).not.toBeNull();
  expect(stage.printed.join('\n')).toContain('A ticket with which access ends could not be read');
  tickets.trouble('acme.atlassian.net', null);
  tickets.setTicket('INC-123', null);
  await stage.advance(300);
  expect(await stage.status(id)).toBe('active');
  tickets.setTicket('INC-123', 'open');
  await stage.advance(300);
  expect((await stage.world.journal.read('watch', id)).value?.unreadableSince).toBeNull();
  await stage.advance(1800);
  expect(await stage.status(id)).toBe('ended');
  expect((await stage.world.journal.read('watch', id)).value).toBeNull();
});

it('without ends_access nobody looks again, and a closed ticket ends nothing', async () => {
  const tickets = await begin('{ pattern: "[A-Z]+-[0-9]+", exists_in: jira }');
  tickets.setTicket('INC-123', 'open');
  const id = await granted();
  expect((await stage.world.journal.read('watch', id)).value).toBeNull();
  const asked = tickets.asked().length;
  tickets.setTicket('INC-123', 'closed');
  await stage.advance(600);
  expect(await stage.status(id)).toBe('active');
  expect(tickets.asked()).toHaveLength(asked);
});

it('an issue at GitHub serves as well', async () => {
  const tickets = await begin('{ pattern: "[a-z]+/[a-z]+#[0-9]+", exists_in: github, open: true }');
  const line = 'github:acme/deployers member 30m roll back acme/web#12';
  expect(await asks(line)).toContain('ticket-unknown');
  await later();
  tickets.setTicket('acme/web#12', 'open');
  const id = await stage.people.ask('U0ANA', line);
  expect((await stage.world.journal.read('request', id)).value).toMatchObject({
    ticket: 'acme/web#12',
  });
});
