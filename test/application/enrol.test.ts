import { codeAt } from '../../local/code-at.ts';
import { beginEnrolment, offerEnrolment } from '../../shared/application/enrol.ts';
import { confirmCode, revealSecret } from '../../shared/application/enrol-on-page.ts';
import { typeWord } from '../../shared/application/type-word.ts';
import { verifyCode } from '../../shared/application/verify-code.ts';
import { vouchFor } from '../../shared/application/vouch-for.ts';
import { findChainBreak } from '../../shared/domain/audit/chain.ts';
import { put } from '../../shared/ports.ts';
import {
  ANA,
  BO,
  CY,
  DEE,
  type EnrolmentWorld,
  enrolmentWorld,
  throughPage,
  tokenIn,
  withAuthenticator,
  wrongCode,
} from '../support/enrolment-world.ts';

let world: EnrolmentWorld;
beforeEach(async () => {
  world = await enrolmentWorld();
});
const refusal = (code: string, more: object = {}) => ({ ok: false, error: { code, ...more } });
const offer = (owner: string, typed: string | null = null) =>
  offerEnrolment(world.deps, { owner, typed });
const link = async (owner: string, typed: string | null = null) => {
  const offered = await offer(owner, typed);
  if (!offered.ok) throw new Error(`No link: ${offered.error.code}`);
  return offered.value;
};
const enrol = async (owner: string, typed: string | null = null) => {
  const { url } = await link(owner, typed);
  const page = await throughPage(world, url);
  const enrolled = await typeWord(world.deps, { owner, typed: page.word });
  return { ...page, url, enrolled };
};
const authenticatorOf = async (owner: string) =>
  (await world.journal.read('authenticator', owner)).value;
const codeNow = (secret: Uint8Array, seconds = 0) =>
  codeAt(secret, new Date(world.now().getTime() + seconds * 1000));
const eventsOf = async (kind: 'enrolment' | 'authenticator', owner: string) =>
  (await world.journal.history(kind, owner)).map(({ event }) => event);
const refusals = async () =>
  (await world.journal.eventsOn('2026-03-02', 1000)).flatMap(({ event }) =>
    event.type === 'CommandRefused' ? [event.code] : [],
  );

describe('an open enrolment', () => {
  it('leads from a link over key, code and word to an authenticator', async () => {
    const { enrolled } = await enrol(ANA);
    expect(enrolled).toMatchObject({
      ok: true,
      value: { replaced: false, mayApproveFrom: world.now().toISOString() },
    });
    expect(await authenticatorOf(ANA)).toMatchObject({
      owner: ANA,
      attempts: 0,
      needsProof: false,
    });
  });

  it('is on record step by step, in an unbroken chain', async () => {
    await enrol(ANA);
    expect((await eventsOf('enrolment', ANA)).map(({ type }) => type)).toEqual([
      'EnrolmentOffered',
      'SecretRevealed',
      'EnrolmentConfirmed',
      'EnrolmentCompleted',
    ]);
    expect(await eventsOf('authenticator', ANA)).toMatchObject([
      { type: 'AuthenticatorEnrolled' },
      { type: 'RecoveryCodesIssued', count: 10 },
    ]);
    const { head } = await world.journal.read('enrolment', ANA);
    expect(findChainBreak(await world.journal.history('enrolment', ANA), head)).toBeNull();
  });

  it('leaves an authenticator that does not accept the code the page has seen', async () => {
    const { code, secret } = await enrol(ANA);
    const given = { owner: ANA, contentHash: 'c'.repeat(64), purpose: 'approve' as const };
    expect(await verifyCode(world.deps, { ...given, typed: code })).toEqual(
      refusal('code-already-used'),
    );
    world.pass(30);
    expect(await verifyCode(world.deps, { ...given, typed: codeNow(secret) })).toMatchObject({
      ok: true,
    });
  });

  it('does not accept a later code either that the page has seen', async () => {
    const { url } = await link(ANA);
    const { secret } = await throughPage(world, url);
    world.pass(30);
    const again = await confirmCode(world.deps, { token: tokenIn(url), typed: codeNow(secret) });
    if (!again.ok) throw new Error('A right code shows the word again');
    await typeWord(world.deps, { owner: ANA, typed: again.value.word });
    const given = { owner: ANA, contentHash: 'c'.repeat(64), purpose: 'approve' as const };
    expect(await verifyCode(world.deps, { ...given, typed: codeNow(secret) })).toEqual(
      refusal('code-already-used'),
    );
  });

  it('keeps a new authenticator from approving until the hold is over, to the second', async () => {
    await world.setPolicy({ hold: '24h' });
    const { secret } = await enrol(ANA);
    const approve = () =>
      verifyCode(world.deps, {
        owner: ANA,
        typed: codeNow(secret),
        contentHash: 'c'.repeat(64),
        purpose: 'approve',
      });
    world.pass(86_399);
    expect(await approve()).toMatchObject(refusal('authenticator-on-hold'));
    world.pass(1);
    expect(await approve()).toMatchObject({ ok: true });
  });

  it.each([
    ['a stranger to the policy', 'U0ZED', {}, 'unknown-person'],
    ['a guest', ANA, { isRestricted: true }, 'not-a-full-member'],
    ['a deactivated account', ANA, { deleted: true }, 'not-a-full-member'],
    ['somebody from another workspace', ANA, { teamId: 'T0OTHER' }, 'not-a-full-member'],
    [
      'somebody about whom Slack said nothing lately',
      ANA,
      { observedAt: '2026-03-02T08:58:59.000Z' },
      'evidence-stale',
    ],
  ])('is refused to %s, on record', async (_who, owner, evidence, code) => {
    world.evidence.set(owner, evidence);
    expect(await offer(owner)).toMatchObject(refusal(code));
    expect(await refusals()).toEqual([code]);
    expect((await world.journal.read('enrolment', owner)).value).toBeNull();
  });

  it('is refused at the word to who left the company since the link', async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    world.evidence.set(ANA, { deleted: true });
    expect(await typeWord(world.deps, { owner: ANA, typed: word })).toMatchObject(
      refusal('not-a-full-member'),
    );
    expect(await authenticatorOf(ANA)).toBeNull();
  });

  it('does not exist where the policy demands a sign-in', async () => {
    await world.setPolicy({ enrolment: 'oidc' });
    expect(await offer(ANA)).toEqual(refusal('sign-in-not-available'));
  });
});

describe('the link', () => {
  it('carries 256 bits of its own and is stored as a digest only', async () => {
    const { url } = await link(ANA);
    expect(url).toMatch(/^https:\/\/hallpass\.example\/enroll\/U0ANA\.[A-Za-z0-9_-]{43}$/);
    const stored = JSON.stringify(await world.journal.read('enrolment', ANA));
    expect(stored).not.toContain(tokenIn(url));
    expect(stored).not.toContain(tokenIn(url).slice('U0ANA.'.length));
  });

  it('is dead after ten minutes, to the second, for the key and for the code', async () => {
    const { url } = await link(ANA);
    const [token, other] = [tokenIn(url), await link(BO)];
    world.pass(599);
    const shown = await revealSecret(world.deps, token);
    expect(shown.ok).toBe(true);
    world.pass(1);
    const typed = codeNow(world.made[0]!);
    expect(await confirmCode(world.deps, { token, typed })).toEqual(refusal('link-expired'));
    expect(await revealSecret(world.deps, tokenIn(other.url))).toEqual(refusal('link-expired'));
  });

  it('is dead for the word, too, after ten minutes', async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    world.pass(600);
    expect(await typeWord(world.deps, { owner: ANA, typed: word })).toEqual(
      refusal('link-expired'),
    );
    expect(await authenticatorOf(ANA)).toBeNull();
  });

  it('shows the key once: the second reader gets nothing and is on record', async () => {
    const token = tokenIn((await link(ANA)).url);
    expect(await revealSecret(world.deps, token)).toMatchObject({ ok: true });
    expect(await revealSecret(world.deps, token)).toEqual(refusal('key-already-shown'));
    expect(world.made).toHaveLength(1);
    expect(await eventsOf('enrolment', ANA)).toContainEqual(
      expect.objectContaining({ type: 'EnrolmentRefused', reason: 'key-already-shown' }),
    );
  });

  it('shows the key to one of fifty readers at once', async () => {
    const token = tokenIn((await link(ANA)).url);
    const all = await Promise.allSettled(
      Array.from({ length: 50 }, () => revealSecret(world.deps, token)),
    );
    const shown = all.filter((each) => each.status === 'fulfilled' && each.value.ok);
    expect(shown).toHaveLength(1);
  });

  it('is ended by a newer one', async () => {
    const [old, fresh] = [await link(ANA), await link(ANA)];
    expect(await revealSecret(world.deps, tokenIn(old.url))).toEqual(refusal('link-unknown'));
    expect(await revealSecret(world.deps, tokenIn(fresh.url))).toMatchObject({ ok: true });
  });

  it('is used up by the authenticator it led to', async () => {
    const { url } = await enrol(ANA);
    expect(await revealSecret(world.deps, tokenIn(url))).toEqual(refusal('link-used'));
    const given = { token: tokenIn(url), typed: '123456' };
    expect(await confirmCode(world.deps, given)).toEqual(refusal('link-used'));
  });

  it.each([
    '',
    'x',
    'U0ANA',
    `U0ANA.${'a'.repeat(43)}`,
    `U0ZED.${'a'.repeat(43)}`,
    `../U0ANA.${'a'.repeat(43)}`,
    'a'.repeat(100_000),
  ])('is unknown as %.40j, whoever may exist', async (token) => {
    await link(ANA);
    expect(await revealSecret(world.deps, token)).toEqual(refusal('link-unknown'));
    const given = { token, typed: '123456' };
    expect(await confirmCode(world.deps, given)).toEqual(refusal('link-unknown'));
  });
});

describe('the first code', () => {
  let token: string;
  let secret: Uint8Array;
  beforeEach(async () => {
    token = tokenIn((await link(ANA)).url);
    await revealSecret(world.deps, token);
    secret = world.made[0]!;
  });
  const confirm = (typed: string) => confirmCode(world.deps, { token, typed });

  it('is verified five times at most, however many come at once, and then the link is dead', async () => {
    const wrong = wrongCode(secret, world.now());
    const results = await Promise.all(Array.from({ length: 100 }, () => confirm(wrong)));
    expect(world.opened).toHaveLength(5);
    expect(results.filter((each) => !each.ok && each.error.code === 'code-wrong')).toHaveLength(5);
    expect(await confirm(codeNow(secret))).toEqual(refusal('too-many-tries'));
    expect(world.opened).toHaveLength(5);
  });

  it.each(['', '12345', '1234567', '１２３４５６', '1'.repeat(1_000_000)])(
    'costs nothing when it is no code (%.12j)',
    async (typed) => {
      expect(await confirm(typed)).toEqual(refusal('code-malformed'));
      expect(world.opened).toEqual([]);
    },
  );

  it('shows the same word again for a right code, and none for a wrong one', async () => {
    const first = await confirm(codeNow(secret));
    if (!first.ok) throw new Error(first.error.code);
    expect(first.value.recoveryCodes).toHaveLength(10);
    const { word } = first.value;
    expect(await confirm(codeNow(secret))).toEqual({
      ok: true,
      value: { word, recoveryCodes: null },
    });
    expect(await confirm(wrongCode(secret, world.now()))).toEqual(refusal('code-wrong'));
  });

  it('is not taken before the key was shown', async () => {
    const other = tokenIn((await link(BO)).url);
    expect(await confirmCode(world.deps, { token: other, typed: '123456' })).toEqual(
      refusal('key-not-shown-yet'),
    );
  });
});

describe('the word', () => {
  it("is worth nothing in anybody else's Slack: a forwarded link is useless", async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    expect(await typeWord(world.deps, { owner: BO, typed: word })).toEqual(refusal('no-enrolment'));
    expect(await authenticatorOf(BO)).toBeNull();
    expect(await authenticatorOf(ANA)).toBeNull();
  });

  it('is taken in capitals, with a space and with blanks around it', async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    const typed = `  ${word.toUpperCase().replace('-', ' ')} `;
    expect(await typeWord(world.deps, { owner: ANA, typed })).toMatchObject({ ok: true });
  });

  it('may be tried five times, then not even the right one helps', async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    for (const typed of ['apple', 'apple-x', '', 'zebra-zebra', 'x'.repeat(1_000_000)])
      expect(await typeWord(world.deps, { owner: ANA, typed })).toEqual(refusal('word-wrong'));
    expect(await typeWord(world.deps, { owner: ANA, typed: word })).toEqual(
      refusal('too-many-tries'),
    );
    expect(await authenticatorOf(ANA)).toBeNull();
  });

  it('is too early before the first code', async () => {
    await link(ANA);
    expect(await typeWord(world.deps, { owner: ANA, typed: 'amber-anchor' })).toEqual(
      refusal('word-too-early'),
    );
  });

  it('makes one authenticator when it is sent five times at once', async () => {
    const { url } = await link(ANA);
    const { word } = await throughPage(world, url);
    const all = await Promise.all(
      Array.from({ length: 5 }, () => typeWord(world.deps, { owner: ANA, typed: word })),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    const enrolled = (await eventsOf('authenticator', ANA)).filter(
      ({ type }) => type === 'AuthenticatorEnrolled',
    );
    expect(enrolled).toHaveLength(1);
  });
});

describe('replacing an authenticator', () => {
  let old: Uint8Array;
  beforeEach(async () => {
    old = await withAuthenticator(world, ANA);
  });

  it('needs its current code: a Slack session alone is refused', async () => {
    expect(await offer(ANA)).toEqual(refusal('current-code-needed'));
    expect(await offer(ANA, wrongCode(old, world.now()))).toEqual(refusal('code-refused'));
    expect((await world.journal.read('enrolment', ANA)).value).toBeNull();
  });

  it('takes the place of the one that was proven and says so on record', async () => {
    const before = await authenticatorOf(ANA);
    const { enrolled, secret } = await enrol(ANA, codeNow(old));
    expect(enrolled).toMatchObject({ ok: true, value: { replaced: true } });
    expect(await eventsOf('authenticator', ANA)).toContainEqual(
      expect.objectContaining({
        type: 'AuthenticatorReplaced',
        replaces: before?.authenticatorId,
      }),
    );
    world.pass(60);
    const given = { owner: ANA, contentHash: 'c'.repeat(64), purpose: 'approve' as const };
    expect(await verifyCode(world.deps, { ...given, typed: codeNow(old) })).toEqual(
      refusal('code-refused'),
    );
    expect(await verifyCode(world.deps, { ...given, typed: codeNow(secret) })).toMatchObject({
      ok: true,
    });
  });

  it('spends the code: one code makes one link', async () => {
    const code = codeNow(old);
    const all = await Promise.all(Array.from({ length: 5 }, () => offer(ANA, code)));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await offer(ANA, code)).toEqual(refusal('code-already-used'));
  });

  it('is refused with a first link that was never proven', async () => {
    const { url } = await link(BO);
    const { word } = await throughPage(world, url);
    await withAuthenticator(world, BO);
    expect(await typeWord(world.deps, { owner: BO, typed: word })).toEqual(
      refusal('authenticator-changed'),
    );
  });

  it('is refused to who is locked out for good, with any code', async () => {
    const secret = await withAuthenticator(world, BO, { needsProof: true });
    expect(await offer(BO, codeNow(secret))).toEqual(refusal('proof-needed'));
    expect(world.opened).toEqual([]);
  });

  it('leaves the present one in force until the word is typed', async () => {
    const { url } = await link(ANA, codeNow(old));
    await throughPage(world, url);
    world.pass(30);
    const given = { owner: ANA, contentHash: 'c'.repeat(64), purpose: 'approve' as const };
    expect(await verifyCode(world.deps, { ...given, typed: codeNow(old) })).toMatchObject({
      ok: true,
    });
  });
});

describe('a vouched enrolment', () => {
  let bo: Uint8Array;
  beforeEach(async () => {
    world = await enrolmentWorld({ enrolment: 'vouched' });
    bo = await withAuthenticator(world, BO);
  });
  const vouch = (voucher: string, owner: string, typed: string) =>
    vouchFor(world.deps, { voucher, owner, typed });

  it('is refused before somebody vouched, naming who may', async () => {
    expect(await offer(ANA)).toEqual(refusal('vouching-needed', { vouchers: [BO, CY, DEE] }));
  });

  it('begins for one day after an approver vouched with a code', async () => {
    expect(await vouch(BO, ANA, codeNow(bo))).toEqual({
      ok: true,
      value: { until: '2026-03-03T09:00:00.000Z' },
    });
    world.pass(86_399);
    expect(await offer(ANA)).toMatchObject({ ok: true });
    world.pass(1);
    expect(await offer(ANA)).toMatchObject(refusal('vouching-needed'));
    expect(await eventsOf('enrolment', ANA)).toMatchObject([
      { type: 'EnrolmentVouched', actor: { kind: 'person', id: BO }, factor: { kind: 'totp' } },
      { type: 'EnrolmentOffered', vouchedBy: { kind: 'person', id: BO } },
    ]);
  });

  it('makes one authenticator per voucher: the next one needs its current code', async () => {
    await vouch(BO, ANA, codeNow(bo));
    await enrol(ANA);
    expect(await offer(ANA)).toEqual(refusal('current-code-needed'));
  });

  it('takes no wrong code, and no code twice', async () => {
    expect(await vouch(BO, ANA, wrongCode(bo, world.now()))).toEqual(refusal('code-refused'));
    const code = codeNow(bo);
    expect(await vouch(BO, ANA, code)).toMatchObject({ ok: true });
    expect(await vouch(BO, CY, code)).toEqual(refusal('code-already-used'));
    expect(await refusals()).toEqual(['code-already-used', 'code-refused']);
  });

  it('is vouched for by one of fifty equal submits', async () => {
    const code = codeNow(bo);
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => vouch(BO, ANA, code)));
    const good = all.filter((each) => each.status === 'fulfilled' && each.value.ok);
    expect(good).toHaveLength(1);
  });

  it('is never vouched for by oneself, not from a second account either', async () => {
    expect(await vouch(BO, BO, codeNow(bo))).toEqual(refusal('self-vouch'));
    world.evidence.set(CY, { email: 'Bo+x@acme.example' });
    world.evidence.set(BO, { email: 'bo@acme.example' });
    expect(await vouch(BO, CY, codeNow(bo))).toEqual(refusal('same-human'));
    expect(world.opened).toEqual([]);
  });

  it('is not vouched for by who approves nothing', async () => {
    const ana = await withAuthenticator(world, ANA);
    expect(await vouch(ANA, CY, codeNow(ana))).toEqual(
      refusal('not-a-voucher', { vouchers: [BO, DEE] }),
    );
  });

  it('is not vouched for by who is not enrolled or is on hold', async () => {
    expect(await vouch(CY, ANA, '123456')).toEqual(refusal('not-enrolled'));
    const until = new Date(world.now().getTime() + 1000).toISOString();
    const cy = await withAuthenticator(world, CY, { mayApproveFrom: until });
    expect(await vouch(CY, ANA, codeNow(cy))).toEqual(refusal('authenticator-on-hold', { until }));
  });

  it('is not for somebody who has an authenticator', async () => {
    await withAuthenticator(world, ANA);
    expect(await vouch(BO, ANA, codeNow(bo))).toEqual(refusal('already-enrolled', { person: ANA }));
  });
});

describe('beginning', () => {
  it('offers a link, asks for the word while a link is in use, and begins afresh when told', async () => {
    const begin = (afresh = false) => beginEnrolment(world.deps, { owner: ANA, afresh });
    const first = await begin();
    if (!first.ok || first.value.step !== 'open-link') throw new Error('A link was due');
    await throughPage(world, first.value.offered.url);
    expect(await begin()).toMatchObject({ ok: true, value: { step: 'type-word' } });
    expect(await begin(true)).toMatchObject({ ok: true, value: { step: 'open-link' } });
  });

  it('asks who is enrolled for the current code', async () => {
    await withAuthenticator(world, ANA);
    expect(await beginEnrolment(world.deps, { owner: ANA, afresh: false })).toEqual({
      ok: true,
      value: { step: 'give-code' },
    });
  });
});

describe('the secret', () => {
  it('is nowhere in the records, events and answers, in no spelling', async () => {
    const { secret, code, word, enrolled, url } = await enrol(ANA);
    const everything = JSON.stringify([
      enrolled,
      await world.journal.read('enrolment', ANA),
      await world.journal.read('authenticator', ANA),
      await world.journal.history('enrolment', ANA),
      await world.journal.history('authenticator', ANA),
      await world.journal.eventsOn('2026-03-02', 1000),
    ]);
    const bytes = Buffer.from(secret);
    const { uri, key } = world.deps.codes.provisioning(secret, 'ana');
    const spellings = [
      bytes.toString('latin1'),
      bytes.toString('hex'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      JSON.stringify([...bytes]).slice(1, -1),
      key,
      key.replaceAll(' ', ''),
      uri,
      `"${code}"`,
      word,
      tokenIn(url),
    ];
    for (const spelling of spellings) expect(everything).not.toContain(spelling);
  });

  it("does not open in another person's enrolment", async () => {
    const [ana, bo] = [tokenIn((await link(ANA)).url), tokenIn((await link(BO)).url)];
    await revealSecret(world.deps, ana);
    await revealSecret(world.deps, bo);
    const [mine, theirs] = [
      await world.journal.read('enrolment', ANA),
      await world.journal.read('enrolment', BO),
    ];
    if (mine.value?.stage !== 'revealed' || theirs.value?.stage !== 'revealed')
      throw new Error('Both keys were shown');
    const moved = { ...theirs.value, sealed: mine.value.sealed };
    await world.journal.commit([put(theirs, moved)], world.now());
    const typed = codeNow(world.made[0]!);
    await expect(confirmCode(world.deps, { token: bo, typed })).rejects.toMatchObject({
      service: 'keys',
    });
  });
});
