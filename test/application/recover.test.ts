/** Recovery codes: made once, shown once, good for one thing once. */
import { codeAt } from '../../local/code-at.ts';
import { offerEnrolment } from '../../shared/application/enrol.ts';
import { confirmCode, revealSecret } from '../../shared/application/enrol-on-page.ts';
import { recover } from '../../shared/application/recover.ts';
import {
  authenticatorStatus,
  offerRecoveryCodes,
  showRecoveryCodes,
} from '../../shared/application/recovery-codes.ts';
import { typeWord } from '../../shared/application/type-word.ts';
import { codeWrite, verifyCode } from '../../shared/application/verify-code.ts';
import {
  ANA,
  BO,
  type EnrolmentWorld,
  enrolmentWorld,
  throughPage,
  tokenIn,
  wrongCode,
} from '../support/enrolment-world.ts';
import { fromBase32 } from '../support/totp.ts';

let world: EnrolmentWorld;
let secret: Uint8Array;
let codes: readonly string[];
beforeEach(async () => {
  world = await enrolmentWorld();
  ({ secret, codes } = await enrolled(BO));
  world.pass(60);
  world.opened.length = 0;
});

const refusal = (code: string) => ({ ok: false, error: { code } });
const granted = <T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const codeNow = (of = secret) => codeAt(of, world.now());
async function enrolled(owner: string) {
  const { url } = granted(await offerEnrolment(world.deps, { owner, typed: null }));
  return onPage(owner, url);
}
async function onPage(owner: string, url: string) {
  const token = tokenIn(url);
  const { key } = granted(await revealSecret(world.deps, token));
  const made = fromBase32(key);
  const page = granted(await confirmCode(world.deps, { token, typed: codeAt(made, world.now()) }));
  granted(await typeWord(world.deps, { owner, typed: page.word }));
  return { secret: made, codes: page.recoveryCodes ?? [] };
}
const first = () => codes[0] ?? '';
const use = (typed: string, owner: string = BO) => recover(world.deps, { owner, typed });
const approval = (typed: string) =>
  verifyCode(world.deps, { owner: BO, typed, contentHash: 'c'.repeat(64), purpose: 'approve' });
const stored = async () => (await world.journal.read('authenticator', BO)).value;
const events = async (owner: string = BO) =>
  (await world.journal.history('authenticator', owner)).map(({ event }) => event);
const left = async () => (await authenticatorStatus(world.deps, BO))?.recoveryCodesLeft;

describe('ten recovery codes', () => {
  it('come with the first right code, all different, each of 140 bits in letters nobody confuses', () => {
    expect(codes).toHaveLength(10);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes)
      expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('are stored as digests only, bound to this authenticator', async () => {
    const everything = JSON.stringify([
      await stored(),
      await world.journal.read('enrolment', BO),
      await world.journal.history('authenticator', BO),
      await world.journal.history('enrolment', BO),
    ]);
    for (const code of codes) {
      expect(everything).not.toContain(code);
      expect(everything).not.toContain(code.replaceAll('-', ''));
    }
    const { recoveryDigest } = world.deps.codes;
    const { authenticatorId, recovery } = (await stored())!;
    expect(recovery?.digests).toContain(recoveryDigest(secret, authenticatorId, first()));
    expect(recovery?.digests).not.toContain(recoveryDigest(secret, 'another-one', first()));
    expect(recovery?.digests).not.toContain(
      recoveryDigest(Uint8Array.from(secret).fill(1), authenticatorId, first()),
    );
  });

  it('stay those that were shown, though the page is asked again with a right code', async () => {
    const { url } = granted(await offerEnrolment(world.deps, { owner: ANA, typed: null }));
    const token = tokenIn(url);
    const made = fromBase32(granted(await revealSecret(world.deps, token)).key);
    const confirm = async () =>
      granted(await confirmCode(world.deps, { token, typed: codeAt(made, world.now()) }));
    const { recoveryCodes, word } = await confirm();
    expect((await confirm()).recoveryCodes).toBeNull();
    granted(await typeWord(world.deps, { owner: ANA, typed: word }));
    expect(await use(recoveryCodes?.[9] ?? '', ANA)).toMatchObject({ ok: true });
  });

  it('never pass for a one-time code', async () => {
    expect(await approval(first())).toEqual(refusal('code-malformed'));
    expect(await offerEnrolment(world.deps, { owner: BO, typed: first() })).toEqual(
      refusal('code-malformed'),
    );
  });
});

describe('a recovery code', () => {
  it('opens the replacing of its authenticator, which counts until the new one is set up', async () => {
    const { url, left: remain } = granted(await use(first()));
    expect(remain).toBe(9);
    expect(await approval(codeNow())).toMatchObject({ ok: true });
    world.pass(30);
    const before = await stored();
    const next = await onPage(BO, url);
    expect((await stored())?.authenticatorId).not.toBe(before?.authenticatorId);
    world.pass(60);
    expect(await approval(codeNow())).toEqual(refusal('code-refused'));
    expect(await approval(codeNow(next.secret))).toMatchObject({ ok: true });
    expect(await events()).toContainEqual(
      expect.objectContaining({ type: 'AuthenticatorReplaced', replaces: before?.authenticatorId }),
    );
  });

  it('dies with its authenticator: the new one has its own', async () => {
    const { url } = granted(await use(first()));
    const next = await onPage(BO, url);
    for (const old of codes) expect(await use(old)).toMatchObject({ ok: false });
    world.pass(3600);
    expect(await use(next.codes[0] ?? '')).toMatchObject({ ok: true });
  });

  it('is taken as people type it: small letters, blanks, O for 0 and l for 1', async () => {
    const typed = ` ${first().toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}`;
    expect(await use(typed)).toMatchObject({ ok: true });
  });

  it('serves once, and one of eight sent at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => use(first())));
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await events()).filter(({ type }) => type === 'RecoveryCodeUsed')).toHaveLength(1);
    expect(await left()).toBe(9);
  });

  it("is worth nothing in anybody else's Slack", async () => {
    await enrolled(ANA);
    expect(await use(first(), ANA)).toEqual(refusal('recovery-code-refused'));
    expect(await use(first(), 'U0ZED')).toMatchObject(refusal('unknown-person'));
  });

  it.each([
    ['nothing', ''],
    ['six digits', '123456'],
    ['a group too few', 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'],
    ['a letter that is none', 'UUUU-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'],
    ['full-width letters', 'ＡAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'],
    ['a letter whose capital is another', 'ſAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'],
    ['a megabyte', 'A'.repeat(1_000_000)],
  ])('is not compared when it is %s, and costs no try', async (_what, typed) => {
    expect(await use(typed)).toEqual(refusal('recovery-code-malformed'));
    expect(world.opened).toEqual([]);
    expect((await stored())?.recovery?.attempts).toBe(0);
  });

  it('is refused to who left the company, before it is looked at', async () => {
    world.evidence.set(BO, { deleted: true });
    expect(await use(first())).toMatchObject(refusal('not-a-full-member'));
    expect(world.opened).toEqual([]);
  });
});

describe('guessing recovery codes', () => {
  const wrong = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA';

  it('is compared five times however many come at once, and says the same when it is locked', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, () => use(wrong).catch((error: unknown) => error)),
    );
    expect(world.opened).toHaveLength(5);
    for (const each of all)
      if (!(each instanceof Error)) expect(each).toEqual(refusal('recovery-code-refused'));
    expect(await use(first())).toEqual(refusal('recovery-code-refused'));
    expect(world.opened).toHaveLength(5);
    expect((await events()).map(({ type }) => type)).toContain('RecoveryLocked');
  });

  it('locks no one-time code, and wrong one-time codes lock no recovery code', async () => {
    for (let i = 0; i < 5; i += 1) await use(wrong);
    expect(await approval(codeNow())).toMatchObject({ ok: true });
    world.pass(900);
    for (let i = 0; i < 5; i += 1) await approval(wrongCode(secret, world.now()));
    expect(await approval(codeNow())).toEqual(refusal('code-refused'));
    expect(await use(first())).toMatchObject({ ok: true });
  });

  it('ends for good after ten in a row, until there are new codes', async () => {
    for (let i = 0; i < 5; i += 1) await use(wrong);
    world.pass(900);
    for (let i = 0; i < 5; i += 1) await use(wrong);
    world.pass(86_400);
    expect(await use(first())).toEqual(refusal('recovery-code-refused'));
    const offered = granted(await offerRecoveryCodes(world.deps, { owner: BO, typed: codeNow() }));
    const fresh = granted(await showRecoveryCodes(world.deps, tokenIn(offered.url)));
    expect(await use(fresh[0] ?? '')).toMatchObject({ ok: true });
  });

  it('is on record, without what was typed', async () => {
    await use(wrong);
    expect(await events()).toContainEqual(
      expect.objectContaining({ type: 'RecoveryCodeRefused', reason: 'wrong' }),
    );
    expect(JSON.stringify(await events())).not.toContain('AAAA');
  });
});

describe('who is locked out of one-time codes for good', () => {
  it('gets out by a recovery code', async () => {
    for (const seconds of [0, 900]) {
      world.pass(seconds);
      for (let i = 0; i < 5; i += 1) await approval(wrongCode(secret, world.now()));
    }
    expect((await stored())?.needsProof).toBe(true);
    const next = await onPage(BO, granted(await use(first())).url);
    world.pass(60);
    expect(await approval(codeNow(next.secret))).toMatchObject({ ok: true });
  });
});

describe('new recovery codes', () => {
  const offer = (typed: string) => offerRecoveryCodes(world.deps, { owner: BO, typed });

  it('take a current code: a Slack session alone is refused, a recovery code too', async () => {
    expect(await offer('')).toEqual(refusal('code-malformed'));
    expect(await offer(first())).toEqual(refusal('code-malformed'));
    expect(await offer(wrongCode(secret, world.now()))).toEqual(refusal('code-refused'));
  });

  it('are shown once, and end the old ones', async () => {
    const token = tokenIn(granted(await offer(codeNow())).url);
    const fresh = granted(await showRecoveryCodes(world.deps, token));
    expect(fresh).toHaveLength(10);
    expect(await showRecoveryCodes(world.deps, token)).toEqual(refusal('link-used'));
    expect(await use(first())).toEqual(refusal('recovery-code-refused'));
    expect(await use(fresh[3] ?? '')).toMatchObject({ ok: true, value: { left: 9 } });
    expect(await events()).toContainEqual(
      expect.objectContaining({ type: 'RecoveryCodesIssued', occasion: 'renewal', count: 10 }),
    );
  });

  it('are shown to one of eight readers at once', async () => {
    const token = tokenIn(granted(await offer(codeNow())).url);
    const all = await Promise.all(
      Array.from({ length: 8 }, () => showRecoveryCodes(world.deps, token)),
    );
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('leave the old ones alone until the page is opened', async () => {
    await offer(codeNow());
    expect(await use(first())).toMatchObject({ ok: true });
  });

  it('are not shown after ten minutes, after a newer link, or after the authenticator was replaced', async () => {
    const late = tokenIn(granted(await offer(codeNow())).url);
    world.pass(600);
    expect(await showRecoveryCodes(world.deps, late)).toEqual(refusal('link-expired'));
    const old = tokenIn(granted(await offer(codeNow())).url);
    granted(await use(first()));
    expect(await showRecoveryCodes(world.deps, old)).toEqual(refusal('link-unknown'));
  });

  it.each([
    ['', 'link-unknown'],
    ['U0BO.codes.', 'link-unknown'],
    [`U0BO.codes.${'a'.repeat(43)}`, 'link-unknown'],
    [`U0ZED.codes.${'a'.repeat(43)}`, 'link-unknown'],
    [`U0BO.${'a'.repeat(43)}`, 'link-unknown'],
  ])('are not shown for the token %j', async (token, code) => {
    expect(await showRecoveryCodes(world.deps, token)).toEqual(refusal(code));
  });

  it('and keys keep to their own kind of link', async () => {
    const codesToken = tokenIn(granted(await offer(codeNow())).url);
    expect(await revealSecret(world.deps, codesToken)).toEqual(refusal('link-unknown'));
    world.pass(30);
    const offered = await offerEnrolment(world.deps, { owner: BO, typed: codeNow() });
    const keyToken = tokenIn(granted(offered).url);
    expect(await showRecoveryCodes(world.deps, keyToken)).toEqual(refusal('link-unknown'));
  });
});

describe('a code that was verified before its authenticator was replaced', () => {
  it('cannot be spent after it', async () => {
    const verified = granted(await approval(codeNow()));
    const { url } = granted(await use(first()));
    await onPage(BO, url);
    expect(await codeWrite(world.journal, verified, world.now())).toEqual(
      refusal('authenticator-replaced'),
    );
  });

  it('loses the race, or wins it: never both', async () => {
    const verified = granted(await approval(codeNow()));
    const { url } = granted(await use(first()));
    const page = await throughPage(world, url);
    const [writes, replaced] = await Promise.all([
      codeWrite(world.journal, verified, world.now()),
      typeWord(world.deps, { owner: BO, typed: page.word }),
    ]);
    expect(replaced.ok).toBe(true);
    if (writes.ok)
      expect(await world.journal.commit(writes.value, world.now())).toMatchObject({
        committed: false,
      });
  });
});

describe('two replacements at once', () => {
  it('leave one authenticator: the newer link wins, the older one is dead', async () => {
    const one = granted(await use(first()));
    const two = granted(await use(codes[1] ?? ''));
    expect(await revealSecret(world.deps, tokenIn(one.url))).toEqual(refusal('link-unknown'));
    await onPage(BO, two.url);
    const made = (await events()).filter(({ type }) => type === 'AuthenticatorReplaced');
    expect(made).toHaveLength(1);
  });
});
