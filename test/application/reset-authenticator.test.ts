/** Losing both: an admin starts, a second person confirms, a delay runs, then the owner may enrol anew. */
import { codeAt } from '../../local/code-at.ts';
import { cancelReset } from '../../shared/application/cancel-reset.ts';
import { beginEnrolment, offerEnrolment } from '../../shared/application/enrol.ts';
import { revealSecret } from '../../shared/application/enrol-on-page.ts';
import { recover } from '../../shared/application/recover.ts';
import { offerRecoveryCodes, showRecoveryCodes } from '../../shared/application/recovery-codes.ts';
import {
  confirmReset,
  mayReset,
  startReset,
} from '../../shared/application/reset-authenticator.ts';
import { typeWord } from '../../shared/application/type-word.ts';
import { codeWrite, verifyCode } from '../../shared/application/verify-code.ts';
import { vouchFor } from '../../shared/application/vouch-for.ts';
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

const EVE = 'U0EVE';
const MORE = `  eve: { slack: U0EVE, roles: [admin], accounts: { github: eve-admin } }\n`;
const DAY = 86_400;
let world: EnrolmentWorld;
let phones: Map<string, Uint8Array>;
beforeEach(async () => {
  world = await enrolmentWorld({ more: MORE });
  phones = new Map();
  for (const owner of [ANA, BO, CY, DEE, EVE])
    phones.set(owner, await withAuthenticator(world, owner));
});

const refusal = (code: string) => ({ ok: false, error: { code } });
const granted = <T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const phone = (owner: string) => phones.get(owner) ?? new Uint8Array(20);
/** The person's next code: each serves once. */
const codeOf = (owner: string): string => {
  world.pass(30);
  return codeAt(phone(owner), world.now());
};
const start = (by: string = DEE, typed = codeOf(by), owner: string = BO) =>
  startReset(world.deps, { by, owner, typed });
const confirm = (resetId: string, by: string = CY, typed = codeOf(by), owner: string = BO) =>
  confirmReset(world.deps, { by, owner, typed, resetId });
const started = async () => granted(await start()).resetId;
const confirmed = async () => granted(await confirm(await started()));
const begin = (owner: string = BO) => beginEnrolment(world.deps, { owner, afresh: false });
const cancel = (by: string, resetId: string | null = null) =>
  cancelReset(world.deps, { by, owner: BO, resetId });
const link = async () => {
  const next = granted(await begin());
  if (next.step !== 'open-link') throw new Error(next.step);
  return next.offered.url;
};
const stored = async (owner: string = BO) =>
  (await world.journal.read('authenticator', owner)).value;
const types = async (owner: string = BO) =>
  (await world.journal.history('authenticator', owner)).map(({ event }) => event.type);
const approve = (owner: string, typed: string) =>
  verifyCode(world.deps, { owner, typed, contentHash: 'c'.repeat(64), purpose: 'approve' });

describe('a reset', () => {
  it('leads from the admin over a second person and a day to a new authenticator', async () => {
    const { opensAt, closesAt } = await confirmed();
    expect(Date.parse(opensAt) - world.now().getTime()).toBe(DAY * 1000);
    expect(Date.parse(closesAt) - Date.parse(opensAt)).toBe(3 * DAY * 1000);
    world.pass(DAY);
    const before = await stored();
    expect(before?.approvalsVoidUntil).toBe(
      new Date(Date.parse(opensAt) - DAY * 1000).toISOString(),
    );
    const page = await throughPage(world, await link());
    granted(await typeWord(world.deps, { owner: BO, typed: page.word }));
    const after = await stored();
    expect(after?.authenticatorId).not.toBe(before?.authenticatorId);
    expect(after).toMatchObject({ reset: null, approvalsVoidUntil: before?.approvalsVoidUntil });
    expect(await types()).toEqual([
      'AuthenticatorResetStarted',
      'AuthenticatorResetConfirmed',
      'AuthenticatorResetUsed',
      'AuthenticatorReplaced',
      'RecoveryCodesIssued',
    ]);
    world.pass(30);
    expect(await approve(BO, codeAt(page.secret, world.now()))).toMatchObject({ ok: true });
  });

  it('gives nobody but the owner a link, and no secret to anybody', async () => {
    const reset = await confirmed();
    world.pass(DAY);
    const all = JSON.stringify([reset, await mayReset(world.deps, { by: DEE, owner: BO })]);
    expect(all).not.toMatch(/enroll|otpauth/);
    expect(world.made).toEqual([]);
    expect(granted(await begin(DEE))).toEqual({ step: 'give-code' });
    expect(granted(await begin(CY))).toEqual({ step: 'give-code' });
  });

  it('keeps the delay to the second', async () => {
    await confirmed();
    expect(await begin()).toMatchObject(refusal('reset-waiting'));
    world.pass(DAY - 1);
    expect(await begin()).toMatchObject(refusal('reset-waiting'));
    world.pass(1);
    expect(await begin()).toMatchObject({ ok: true, value: { step: 'open-link' } });
  });

  it('keeps the delay of its confirmation though the policy is loosened meanwhile', async () => {
    await confirmed();
    await world.setPolicy({ more: MORE, resetDelay: '0m' });
    world.pass(3600);
    expect(await begin()).toMatchObject(refusal('reset-waiting'));
  });

  it('may have no delay, where the policy says so', async () => {
    await world.setPolicy({ more: MORE, resetDelay: '0m' });
    await confirmed();
    expect(await begin()).toMatchObject({ ok: true, value: { step: 'open-link' } });
  });

  it('is over after three days; the old authenticator stays out of use, and another reset may begin', async () => {
    await confirmed();
    world.pass(4 * DAY);
    expect(await begin()).toMatchObject(refusal('reset-over'));
    expect(await approve(BO, codeOf(BO))).toEqual(refusal('authenticator-being-reset'));
    const resetId = await started();
    expect(await approve(BO, codeOf(BO))).toEqual(refusal('authenticator-being-reset'));
    expect(await begin()).toMatchObject(refusal('reset-over'));
    granted(await confirm(resetId));
    world.pass(DAY);
    expect(await begin()).toMatchObject({ ok: true, value: { step: 'open-link' } });
  });

  it('wants its second person within a day', async () => {
    const resetId = await started();
    world.pass(DAY);
    expect(await confirm(resetId)).toEqual(refusal('no-reset'));
    expect((await stored())?.approvalsVoidUntil).toBeNull();
  });
});

describe('while a reset is confirmed', () => {
  it('the old authenticator counts for nothing: no approval, no vouching, no replacing, no new codes', async () => {
    const verified = granted(await approve(BO, codeOf(BO)));
    await confirmed();
    const no = refusal('authenticator-being-reset');
    const typed = codeOf(BO);
    expect(await approve(BO, typed)).toEqual(no);
    expect(await offerEnrolment(world.deps, { owner: BO, typed })).toMatchObject(
      refusal('reset-waiting'),
    );
    expect(await offerRecoveryCodes(world.deps, { owner: BO, typed })).toEqual(no);
    expect(await vouchFor(world.deps, { voucher: BO, owner: 'U0NEW', typed })).toMatchObject({
      ok: false,
    });
    const recovery = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA';
    expect(await recover(world.deps, { owner: BO, typed: recovery })).toEqual(no);
    // One that was verified just before cannot be spent either.
    expect(await codeWrite(world.journal, verified, world.now())).toEqual(no);
  });

  it('a link to new recovery codes shows none', async () => {
    const offered = await offerRecoveryCodes(world.deps, { owner: BO, typed: codeOf(BO) });
    await confirmed();
    expect(await showRecoveryCodes(world.deps, tokenIn(granted(offered).url))).toEqual(
      refusal('authenticator-changed'),
    );
    expect((await stored())?.recovery).toBeNull();
  });

  it('an enrolment that was under way with the old proof is stopped', async () => {
    const { url } = granted(await offerEnrolment(world.deps, { owner: BO, typed: codeOf(BO) }));
    const page = await throughPage(world, url);
    await confirmed();
    expect(await typeWord(world.deps, { owner: BO, typed: page.word })).toEqual(
      refusal('authenticator-being-reset'),
    );
  });
});

describe('starting a reset is refused', () => {
  it.each([
    ['to who is no admin', CY, BO, 'not-an-admin'],
    ['to a developer', ANA, BO, 'not-an-admin'],
    ['to the admin who lost it', DEE, DEE, 'self-reset'],
    ['to who is not in the policy', 'U0ZED', BO, 'unknown-person'],
    ['for who is not in the policy', DEE, 'U0ZED', 'unknown-person'],
  ])('%s', async (_to, by, owner, code) => {
    expect(await start(by, '123456', owner)).toMatchObject(refusal(code));
    expect(world.opened).toEqual([]);
  });

  it('for who has none', async () => {
    await world.setPolicy({
      more: `${MORE}  fay: { slack: U0FAY, roles: [developer], accounts: {} }\n`,
    });
    expect(await start(DEE, '123456', 'U0FAY')).toMatchObject(refusal('nothing-to-reset'));
  });

  it('to an admin with a wrong code, no code, a code on hold', async () => {
    expect(await start(DEE, '')).toEqual(refusal('code-malformed'));
    expect(await start(DEE, wrongCode(phone(DEE), world.now()))).toEqual(refusal('code-refused'));
    const mayApproveFrom = new Date(world.now().getTime() + 3_600_000).toISOString();
    phones.set(DEE, await withAuthenticator(world, DEE, { mayApproveFrom }));
    expect(await start()).toMatchObject(refusal('authenticator-on-hold'));
    expect((await stored())?.reset).toBeNull();
  });

  it('to who left, and about who left', async () => {
    world.evidence.set(DEE, { deleted: true });
    expect(await start()).toMatchObject(refusal('not-a-full-member'));
    world.evidence.clear();
    world.evidence.set(BO, { deleted: true });
    expect(await start()).toMatchObject(refusal('not-a-full-member'));
  });

  it('to an admin who is the owner under another account', async () => {
    world.evidence.set(DEE, { email: 'b@acme.example' });
    world.evidence.set(BO, { email: 'b+2@acme.example' });
    expect(await start()).toEqual(refusal('self-reset'));
  });

  it('twice: to the same admin, and to another one, whose start is no confirmation', async () => {
    await started();
    expect(await start()).toMatchObject(refusal('second-person-needed'));
    expect(await start(EVE)).toEqual({ ok: false, error: { code: 'reset-started', by: DEE } });
    expect((await stored())?.reset?.stage).toBe('started');
  });

  it('while one is confirmed', async () => {
    await confirmed();
    expect(await start()).toMatchObject(refusal('reset-under-way'));
  });
});

describe('confirming a reset is refused', () => {
  let resetId: string;
  beforeEach(async () => {
    resetId = await started();
  });
  const stays = async () => expect((await stored())?.reset?.stage).toBe('started');

  it('to who started it', async () => {
    expect(await confirm(resetId, DEE)).toMatchObject({
      ok: false,
      error: { code: 'second-person-needed', confirmers: [CY, EVE] },
    });
    await stays();
  });

  it('to who started it, under another account', async () => {
    world.evidence.set(DEE, { enterpriseUserId: 'W0SAME' });
    world.evidence.set(EVE, { enterpriseUserId: 'W0SAME' });
    expect(await confirm(resetId, EVE)).toMatchObject(refusal('second-person-needed'));
    await stays();
  });

  it('to the owner, also under another account', async () => {
    expect(await confirm(resetId, BO)).toEqual(refusal('self-reset'));
    world.evidence.set(BO, { email: 'b@acme.example' });
    world.evidence.set(CY, { email: 'b@acme.example' });
    expect(await confirm(resetId, CY)).toEqual(refusal('self-reset'));
    await stays();
  });

  it('to who may approve nothing', async () => {
    expect(await confirm(resetId, ANA)).toMatchObject(refusal('not-a-voucher'));
    await stays();
  });

  it('with a wrong code, and with a code that was used', async () => {
    const wrong = wrongCode(phone(CY), world.now());
    expect(await confirm(resetId, CY, wrong)).toEqual(refusal('code-refused'));
    const used = codeOf(CY);
    const code = granted(await approve(CY, used));
    await world.journal.commit(
      granted(await codeWrite(world.journal, code, world.now())),
      world.now(),
    );
    expect(await confirm(resetId, CY, used)).toEqual(refusal('code-already-used'));
    await stays();
  });

  it('when the admin left the company or the role meanwhile', async () => {
    world.evidence.set(DEE, { deleted: true });
    expect(await confirm(resetId)).toEqual({
      ok: false,
      error: { code: 'reset-not-supported', person: DEE },
    });
    world.evidence.clear();
    await world.setPolicy({ more: MORE, dee: 'developer' });
    expect(await confirm(resetId)).toMatchObject(refusal('reset-not-supported'));
    await stays();
  });

  it('for another reset than the one that was seen', async () => {
    granted(await cancel(BO));
    const other = granted(await start(EVE)).resetId;
    expect(other).not.toBe(resetId);
    expect(await confirm(resetId)).toEqual(refusal('no-reset'));
    await stays();
  });

  it('for one that took its place while the code was checked', async () => {
    const { secretBox } = world.deps;
    const typed = codeOf(CY);
    let exchanged = false;
    const open: typeof secretBox.open = async (sealed, context) => {
      if (!exchanged) {
        exchanged = true;
        granted(await cancel(BO));
        granted(await start(EVE, codeAt(phone(EVE), world.now())));
      }
      return secretBox.open(sealed, context);
    };
    const deps = { ...world.deps, secretBox: { ...secretBox, open } };
    expect(await confirmReset(deps, { by: CY, owner: BO, typed, resetId })).toEqual(
      refusal('no-reset'),
    );
    await stays();
    // Refused, and the code is spent all the same.
    expect(await approve(CY, typed)).toEqual(refusal('code-already-used'));
  });

  it('twice: one of three at once confirms', async () => {
    world.pass(30);
    const both = [CY, EVE].map((by) => codeAt(phone(by), world.now()));
    const all = await Promise.all([
      confirm(resetId, CY, both[0]),
      confirm(resetId, EVE, both[1]),
      confirm(resetId, CY, both[0]),
    ]);
    expect(all.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await types()).filter((type) => type === 'AuthenticatorResetConfirmed')).toHaveLength(
      1,
    );
  });

  it('when the authenticator was replaced meanwhile', async () => {
    const { url } = granted(await offerEnrolment(world.deps, { owner: BO, typed: codeOf(BO) }));
    const page = await throughPage(world, url);
    granted(await typeWord(world.deps, { owner: BO, typed: page.word }));
    expect(await confirm(resetId)).toEqual(refusal('no-reset'));
  });
});

describe('a confirmed reset is not usable', () => {
  beforeEach(async () => {
    await confirmed();
    world.pass(DAY);
  });

  it.each([
    ['the admin', DEE],
    ['the second person', CY],
  ])('when %s left meanwhile', async (_who, person) => {
    world.evidence.set(person, { deleted: true });
    expect(await begin()).toEqual({ ok: false, error: { code: 'reset-not-supported', person } });
  });

  it('when its owner left meanwhile', async () => {
    world.evidence.set(BO, { deleted: true });
    expect(await begin()).toMatchObject(refusal('not-a-full-member'));
  });

  it('by anybody else', async () => {
    const url = await link();
    const page = await throughPage(world, url);
    expect(await typeWord(world.deps, { owner: DEE, typed: page.word })).toEqual(
      refusal('no-enrolment'),
    );
  });
});

describe('calling a reset off', () => {
  it.each([
    ['its owner', BO],
    ['the admin who started it', DEE],
    ['another admin', EVE],
  ])('is for %s, without a code, and the authenticator counts again', async (_who, by) => {
    await confirmed();
    expect(await cancel(by)).toEqual({ ok: true, value: null });
    expect(await approve(BO, codeOf(BO))).toMatchObject({ ok: true });
    expect(await begin()).toMatchObject({ ok: true, value: { step: 'give-code' } });
    expect((await types()).at(-1)).toBe('AuthenticatorResetCancelled');
  });

  it.each([
    ['the second person', CY],
    ['a developer', ANA],
    ['a stranger', 'U0ZED'],
  ])('is not for %s', async (_who, by) => {
    await confirmed();
    expect(await cancel(by)).toEqual(refusal('not-allowed-to-cancel'));
    expect((await stored())?.reset?.stage).toBe('confirmed');
  });

  it('works for the owner whatever Slack and the policy say', async () => {
    await confirmed();
    world.evidence.set(BO, { deleted: true });
    expect(await cancel(BO)).toMatchObject({ ok: true });
  });

  it('works after the delay, too, and kills the link that the reset gave', async () => {
    await confirmed();
    world.pass(DAY);
    const page = await throughPage(world, await link());
    granted(await cancel(BO));
    expect(await typeWord(world.deps, { owner: BO, typed: page.word })).toEqual(
      refusal('no-reset'),
    );
    expect(await approve(BO, codeOf(BO))).toMatchObject({ ok: true });
  });

  it('races the word: one of both wins, whole', async () => {
    await confirmed();
    world.pass(DAY);
    const page = await throughPage(world, await link());
    const [word, off] = await Promise.all([
      typeWord(world.deps, { owner: BO, typed: page.word }),
      cancel(BO),
    ]);
    expect([word.ok, off.ok].filter(Boolean)).toHaveLength(1);
  });

  it('from a button of an older reset leaves the newer one alone', async () => {
    const old = await started();
    granted(await cancel(BO, old));
    granted(await start(EVE));
    expect(await cancel(BO, old)).toEqual(refusal('no-reset'));
    expect((await stored())?.reset?.stage).toBe('started');
  });

  it('is refused where there is none', async () => {
    expect(await cancel(BO)).toEqual(refusal('no-reset'));
    expect(await cancelReset(world.deps, { by: 'U0ZED', owner: 'U0ZED', resetId: null })).toEqual(
      refusal('no-reset'),
    );
  });
});

describe('without proof', () => {
  const nothing = async () => {
    const { reset, authenticatorId } = (await stored()) ?? {};
    return { reset, authenticatorId };
  };
  it.each<[string, () => Promise<{ ok: boolean }>]>([
    ['asking for a link', () => offerEnrolment(world.deps, { owner: BO, typed: null })],
    ['a wrong code', () => offerEnrolment(world.deps, { owner: BO, typed: '000000' })],
    ['a made-up recovery code', () => recover(world.deps, { owner: BO, typed: 'A'.repeat(28) })],
    ['new recovery codes', () => offerRecoveryCodes(world.deps, { owner: BO, typed: '000000' })],
    ['vouching', () => vouchFor(world.deps, { voucher: DEE, owner: BO, typed: codeOf(DEE) })],
    ['a word', () => typeWord(world.deps, { owner: BO, typed: 'amber-anchor' })],
    ['a reset by the owner', () => start(BO, codeOf(BO), BO)],
    ['a reset by a peer', () => start(CY)],
    ['a confirmation of nothing', () => confirm('0'.repeat(32))],
    ['a page that nobody gave', () => revealSecret(world.deps, `${BO}.${'a'.repeat(43)}`)],
    [
      'a link from before the authenticator',
      async () => {
        await world.setPolicy({
          more: `${MORE}  fay: { slack: U0FAY, roles: [developer], accounts: {} }\n`,
        });
        const early = granted(await offerEnrolment(world.deps, { owner: 'U0FAY', typed: null }));
        await withAuthenticator(world, 'U0FAY');
        const page = await throughPage(world, early.url);
        return typeWord(world.deps, { owner: 'U0FAY', typed: page.word });
      },
    ],
    [
      'a reset that only an admin answered for',
      async () => {
        await started();
        world.pass(DAY * 2);
        return offerEnrolment(world.deps, { owner: BO, typed: null });
      },
    ],
    [
      'a key that was shown for another link',
      async () => {
        const { url } = granted(await offerEnrolment(world.deps, { owner: CY, typed: codeOf(CY) }));
        return revealSecret(world.deps, tokenIn(url).replace(CY, BO));
      },
    ],
  ])('%s replaces nothing', async (_way, run) => {
    const before = await nothing();
    expect(await run()).toMatchObject({ ok: false });
    expect((await nothing()).authenticatorId).toBe(before.authenticatorId);
  });
});
