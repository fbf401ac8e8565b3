/** Erasing a leaver: their words and ties are gone from every store, the chains hold, and what must stay stays. */
import { erase, hold, release } from '../../../local/audit/erase.ts';
import { exportLog } from '../../../local/audit/export.ts';
import { show } from '../../../local/audit/show.ts';
import { memoryJournal } from '../../../shared/adapters/memory-journal.ts';
import { wordsOf } from '../../../shared/application/words-of.ts';
import type { AccessRequestEvent } from '../../../shared/domain/access-request/events.ts';
import { commitText, findChainBreak } from '../../../shared/domain/audit/chain.ts';
import { absent, type Journal, put } from '../../../shared/ports.ts';
import {
  asked,
  denied,
  expired,
  extensionAsked,
  extensionDenied,
  HISTORIES,
  holding,
  iso,
  later,
  removed,
  reviewed,
  revoked,
} from '../../support/samples.ts';
import { auditDesk, told } from './audit-desk.ts';

const GONE = 'U0GONE';
const WHO = ['--person', GONE];
const WORDS = 'because my child is ill';
const by = (id: string) => ({ kind: 'person' as const, id });
const { holdingId } = holding();
const LINK = 'github:ana-acme';
const GLASS = asked({ breakGlass: { incident: null, reviewBy: iso(99_000) } });
const REVIEW = reviewed({ at: iso(8000), actor: by('U0CY') });

const text = async (journal: Journal, id: string) => {
  const record = { text: WORDS, salt: 'salt', commitment: commitText(WORDS, 'salt') };
  await journal.commit([put(absent('text', id), record)], later(1));
};
const theirs = (events: readonly AccessRequestEvent[]) =>
  events.map((event) =>
    event.type === 'AccessRequested'
      ? { ...event, requester: GONE, subject: GONE, actor: by(GONE) }
      : event,
  );

async function left(
  part: {
    history?: readonly AccessRequestEvent[];
    grants?: ReturnType<typeof holding>['grants'];
  } = {},
) {
  const journal = memoryJournal('acme');
  const desk = await auditDesk(journal);
  await told(journal, 'AR-7K2M9Q', theirs(part.history ?? HISTORIES.ended));
  await text(journal, 'AR-7K2M9Q#justification');
  await text(journal, 'AR-7K2M9Q#reason');
  // Somebody else's request, which the leaver denied in their own words.
  await told(journal, 'AR-8K2M9Q', [asked(), { ...denied(), actor: by(GONE) }]);
  await text(journal, 'AR-8K2M9Q#justification');
  await text(journal, 'AR-8K2M9Q#reason');
  const draft = {
    ...{ requestId: 'AR-7K2M9Q', requester: GONE, subject: GONE, role: 'member', salt: 'salt' },
    ...{ entitlement: 'github:acme/deployers', durationSeconds: 7200, justification: WORDS },
    ...{ start: null, breakGlass: null, expiresAt: iso(3600) },
  };
  await journal.commit([put(absent('draft', 'AR-7K2M9Q'), draft)], later(1));
  const own = holding({ grants: part.grants ?? [], subject: GONE, login: 'ana-acme' });
  const link = { accountId: '4711', slackUserId: GONE, pinnedAt: iso() };
  await journal.commit(
    [put(absent('holding', holdingId), own), put(absent('link', LINK), link)],
    later(2),
  );
  return { journal, desk, said: () => desk.complained.join('\n') };
}
const events = async (journal: Journal) =>
  (await journal.history('administration', '2026-03-03')).map(({ event }) => event);

describe('audit erase', () => {
  it('leaves nothing of the words, the login and the link, and the words of others where they are', async () => {
    const { journal, desk } = await left();
    expect(await erase(WHO, desk)).toBe(0);
    for (const id of ['AR-7K2M9Q#justification', 'AR-7K2M9Q#reason', 'AR-8K2M9Q#reason']) {
      const { value } = await journal.read('text', id);
      expect(value).toMatchObject({ text: '', salt: '', erasedAt: desk.clock.now().toISOString() });
    }
    expect((await journal.read('text', 'AR-8K2M9Q#justification')).value?.text).toBe(WORDS);
    expect((await journal.read('draft', 'AR-7K2M9Q')).value).toBeNull();
    expect((await journal.read('link', LINK)).value).toBeNull();
    expect((await journal.read('holding', holdingId)).value?.login).toBe('erased');
    expect(await wordsOf(journal, 'AR-7K2M9Q', 'justification')).toBeNull();
  });

  it.each(['denied', 'withdrawn', 'lapsed', 'not-started', 'ended', 'failed'] as const)(
    'goes through what is over: %s',
    async (status) => {
      const { desk } = await left({ history: HISTORIES[status] });
      expect(await erase(WHO, desk)).toBe(0);
    },
  );

  it('takes the words by which they denied more time, each of them, with the number of its event on record', async () => {
    const { journal, desk } = await left();
    const no = { ...extensionDenied(), actor: by(GONE) };
    const again = [extensionAsked(), no] as const;
    await told(journal, 'AR-9K2M9Q', [
      ...[...HISTORIES.active, ...again, ...again, expired(), removed()],
    ]);
    const numbers = (await journal.history('request', 'AR-9K2M9Q')).flatMap(({ seq, event }) =>
      event.type === 'ExtensionDenied' ? [seq] : [],
    );
    for (const number of numbers) await text(journal, `AR-9K2M9Q#extension-${number}`);
    await show(['AR-9K2M9Q'], desk);
    expect(desk.printed.join('\n')).toContain(`extension-${numbers[1]}: ${WORDS}`);
    expect(await erase(WHO, desk)).toBe(0);
    expect(numbers).toHaveLength(2);
    for (const number of numbers)
      expect(await wordsOf(journal, 'AR-9K2M9Q', `extension-${number}`)).toBeNull();
    const erased = (await events(journal)).filter((event) => 'v' in event && event.v === 2);
    expect(erased).toMatchObject(
      numbers.map((event) => ({ type: 'TextErased', text: 'extension', event })),
    );
  });

  it('keeps every chain valid, and its own doing on record with ids only', async () => {
    const { journal, desk } = await left();
    await erase(WHO, desk);
    for (const id of ['AR-7K2M9Q', 'AR-8K2M9Q']) {
      const { head } = await journal.read('request', id);
      expect(findChainBreak(await journal.history('request', id), head)).toBeNull();
    }
    const { head } = await journal.read('administration', '2026-03-03');
    const chain = await journal.history('administration', '2026-03-03');
    expect(findChainBreak(chain, head)).toBeNull();
    expect((await events(journal)).map(({ type }) => type)).toEqual([
      ...['TextErased', 'TextErased', 'TextErased', 'PersonErased'],
    ]);
    expect(chain.at(-1)?.event).toMatchObject({ person: GONE, texts: 3, links: 1 });
    await exportLog(['--format', 'jsonl', '--from', '2026-03-02'], desk);
    expect(desk.written.join('')).not.toMatch(/ana-acme|child/);
  });

  it('is shown for what it is', async () => {
    const { desk } = await left();
    await erase(WHO, desk);
    await show(['AR-7K2M9Q'], desk);
    expect(desk.printed.join('\n')).toContain('justification: erased at 2026-03-03');
  });

  it('does nothing more when it is given again', async () => {
    const { journal, desk } = await left();
    await erase(WHO, desk);
    expect(await erase(WHO, desk)).toBe(0);
    expect((await events(journal)).at(-1)).toMatchObject({ texts: 0, links: 0 });
  });

  it('goes on where a run died', async () => {
    const { journal, desk } = await left();
    let commits = 0;
    const dies: Journal = {
      ...journal,
      commit: (writes, at) => {
        commits += 1;
        if (commits === 2) throw new Error('killed');
        return journal.commit(writes, at);
      },
    };
    await expect(erase(WHO, { ...desk, journal: dies })).rejects.toThrow('killed');
    expect(await erase(WHO, desk)).toBe(0);
    expect((await events(journal)).map(({ type }) => type)).toEqual([
      ...['TextErased', 'TextErased', 'TextErased', 'PersonErased'],
    ]);
  });

  it('is refused under a legal hold, until that is lifted', async () => {
    const { journal, desk, said } = await left();
    await hold(WHO, desk);
    expect(await erase(WHO, desk)).toBe(1);
    expect(said()).toContain('(legal-hold)');
    expect(await wordsOf(journal, 'AR-7K2M9Q', 'justification')).toBe(WORDS);
    await release(WHO, desk);
    expect(await erase(WHO, desk)).toBe(0);
    const found = (await events(journal)).map(({ type }) => type);
    expect(found.slice(0, 2)).toEqual(['LegalHoldPlaced', 'LegalHoldLifted']);
  });

  it('stops at a legal hold that is placed while it runs', async () => {
    const { journal, desk, said } = await left();
    let placed = false;
    const racing: Journal = {
      ...journal,
      commit: async (writes, at) => {
        if (!placed) {
          placed = true;
          // By the record alone: no other conflict may be what stops it.
          const record = { by: { kind: 'operator' as const }, at: iso() };
          await journal.commit([put(absent('legalHold', GONE), record)], at);
        }
        return journal.commit(writes, at);
      },
    };
    expect(await erase(WHO, { ...desk, journal: racing })).toBe(1);
    expect(said()).toContain('(legal-hold)');
    expect(await wordsOf(journal, 'AR-7K2M9Q', 'justification')).toBe(WORDS);
  });

  it.each([
    ['who asked for what they denied', 'U0ANA'],
    ['who reviewed what they took', 'U0CY'],
  ])('is refused while somebody is under legal hold %s', async (_, held) => {
    const { journal, desk, said } = await left();
    await told(journal, 'AR-9K2M9Q', theirs([GLASS, ...HISTORIES.ended.slice(1), REVIEW]));
    await text(journal, 'AR-9K2M9Q#review');
    await hold(['--person', held], desk);
    expect(await erase(WHO, desk)).toBe(1);
    expect(said()).toContain(`${held} is under legal hold`);
    expect(await wordsOf(journal, 'AR-9K2M9Q', 'review')).toBe(WORDS);
    expect(await wordsOf(journal, 'AR-7K2M9Q', 'justification')).toBe(WORDS);
    await release(['--person', held], desk);
    expect(await erase(WHO, desk)).toBe(0);
    expect(await wordsOf(journal, 'AR-9K2M9Q', 'review')).toBeNull();
  });

  it('leaves beside somebody else’s request what others wrote there', async () => {
    const { journal, desk } = await left();
    const end = revoked({ actor: by(GONE), cause: 'approver' });
    const story = [GLASS, ...HISTORIES.active.slice(1), end, removed(), REVIEW];
    await told(journal, 'AR-9K2M9Q', story);
    for (const name of ['reason', 'review']) await text(journal, `AR-9K2M9Q#${name}`);
    expect(await erase(WHO, desk)).toBe(0);
    expect(await wordsOf(journal, 'AR-9K2M9Q', 'reason')).toBeNull();
    expect(await wordsOf(journal, 'AR-9K2M9Q', 'review')).toBe(WORDS);
  });

  it('is refused for somebody whom the policy lists', async () => {
    const { desk, said } = await left();
    expect(await erase(['--person', 'U0ANA'], desk)).toBe(1);
    expect(said()).toContain('(still-in-policy)');
  });

  it('is refused while they have access', async () => {
    const { desk, said } = await left({ grants: [grant()] });
    expect(await erase(WHO, desk)).toBe(1);
    expect(said()).toContain('(access-live)');
  });

  it('is refused while a request of theirs is open', async () => {
    const { desk, said } = await left({ history: HISTORIES.pending });
    expect(await erase(WHO, desk)).toBe(1);
    expect(said()).toContain('(request-open)');
  });

  it.each([
    ['HALLPASS_KEEP_TEXTS', 'texts'],
    ['HALLPASS_KEEP_LINKS', 'links'],
  ])('is refused before %s is over, and says until when', async (name, what) => {
    const { desk, said } = await left();
    expect(await erase(WHO, { ...desk, env: { [name]: '90d' } })).toBe(1);
    expect(said()).toContain(`Their ${what} must be kept until 2026-05-31`);
    expect(await erase(WHO, { ...desk, env: { [name]: '1h' } })).toBe(0);
  });

  it('does not guess a retention that it cannot read', async () => {
    const { desk } = await left();
    expect(await erase(WHO, { ...desk, env: { HALLPASS_KEEP_TEXTS: 'long' } })).toBe(64);
  });

  it.each([[[]], [['--person', 'gone']], [['U0GONE']], [['--person', GONE, 'x']]])(
    '%j exits 64 and explains itself, each command for itself',
    async (args) => {
      const { desk, said } = await left();
      expect(await erase(args, desk)).toBe(64);
      expect(said()).toContain('audit erase --person');
      await hold(args, desk);
      await release(args, desk);
      expect(said()).toMatch(/audit hold --person.*audit release --person/s);
    },
  );
});

const grant = () => ({
  grantId: 'AR-7K2M9Q',
  requester: GONE,
  entitlementId: 'github:acme/deployers',
  policyHash: 'a'.repeat(64),
  approvers: ['U0BO'],
  role: 'member',
  expiresAt: iso(7260),
  authorizedAt: iso(60),
  phase: 'active' as const,
  endedAt: null,
  issued: true,
  scheduledFor: null,
});
