import { codeAt } from '../../local/code-at.ts';
import {
  type CodePurpose,
  codeWrite,
  consumeCode,
  verifyCode,
} from '../../shared/application/verify-code.ts';
import { put } from '../../shared/ports.ts';
import {
  ANA,
  BO,
  CY,
  type EnrolmentWorld,
  enrolmentWorld,
  withAuthenticator,
  wrongCode,
} from '../support/enrolment-world.ts';

const HASH = 'b'.repeat(64);
let world: EnrolmentWorld;
let secret: Uint8Array;
beforeEach(async () => {
  world = await enrolmentWorld();
  secret = await withAuthenticator(world, BO);
});
const submit = (typed: string, purpose: CodePurpose = 'approve') =>
  verifyCode(world.deps, { owner: BO, typed, contentHash: HASH, purpose });
const right = (seconds = 0) => codeAt(secret, new Date(world.now().getTime() + seconds * 1000));
const wrong = () => wrongCode(secret, world.now());
const authenticator = async () => (await world.journal.read('authenticator', BO)).value!;
const events = async () =>
  (await world.journal.history('authenticator', BO)).map(({ event }) => event);
const refusal = (code: string) => ({ ok: false, error: { code } });
/** What a decision does with a code that was right: writes with its step, and decides again when somebody was faster. */
const decide = async (typed: string) => {
  const code = await submit(typed);
  if (!code.ok) return code;
  for (;;) {
    const writes = await codeWrite(world.journal, code.value, world.now());
    if (!writes.ok) return writes;
    const result = await world.journal.commit(writes.value, world.now());
    if (result.committed) return result;
  }
};

describe('a code for a decision', () => {
  it('is evidence for exactly the content it was given for', async () => {
    const step = Math.floor(world.now().getTime() / 30_000);
    expect(await submit(right())).toEqual({
      ok: true,
      value: {
        owner: BO,
        authenticatorId: (await authenticator()).authenticatorId,
        purpose: 'approve',
        evidence: { factor: { kind: 'totp', step }, contentHash: HASH },
      },
    });
  });

  it('is accepted with ASCII spaces, as apps show it', async () => {
    const code = right();
    expect(await submit(` ${code.slice(0, 3)} ${code.slice(3)} `)).toMatchObject({ ok: true });
  });

  it('is refused to who has no authenticator', async () => {
    const given = { owner: ANA, typed: '123456', contentHash: HASH, purpose: 'approve' as const };
    expect(await verifyCode(world.deps, given)).toEqual(refusal('not-enrolled'));
  });

  it.each([
    ['five digits', '12345'],
    ['seven digits', '1234567'],
    ['nothing', ''],
    ['a no-break space', '123\u00a0456'],
    ['full-width digits', '１２３４５６'],
    ['Arabic digits', '١٢٣٤٥٦'],
    ['a sign', '+12345'],
    ['a minus', '-12345'],
    ['hexadecimal', '0x1234'],
    ['an exponent', '1e4567'],
    ['a line break behind it', '123456\n'],
    ['a zero byte', '123456\0'],
    ['a megabyte of digits', '1'.repeat(1_000_000)],
    ['a megabyte of spaces', `${' '.repeat(1_000_000)}123456`],
  ])('is malformed as %s, opens no secret and costs no attempt', async (_what, typed) => {
    expect(await submit(typed)).toEqual(refusal('code-malformed'));
    expect(world.opened).toEqual([]);
    expect(await authenticator()).toMatchObject({ attempts: 0, failuresInRow: 0 });
  });

  it.each(['　', '\u00a0'])('stays malformed when the right digits come with %j', async (space) => {
    const code = right();
    expect(await submit(`${code.slice(0, 3)}${space}${code.slice(3)}`)).toEqual(
      refusal('code-malformed'),
    );
  });
});

describe('a code that was accepted', () => {
  it('is refused when it comes again, and costs no attempt', async () => {
    expect(await decide(right())).toMatchObject({ committed: true });
    const before = await authenticator();
    expect(await decide(right())).toEqual(refusal('code-already-used'));
    expect(await authenticator()).toEqual(before);
  });

  it('leaves every older step refused', async () => {
    expect(await decide(right())).toMatchObject({ committed: true });
    expect(await decide(right(-30))).toEqual(refusal('code-already-used'));
  });

  it('leaves the next step good', async () => {
    expect(await decide(right(-30))).toMatchObject({ committed: true });
    expect(await decide(right())).toMatchObject({ committed: true });
    world.pass(30);
    expect(await decide(right())).toMatchObject({ committed: true });
    expect((await events()).map(({ type }) => type)).toEqual(Array(3).fill('CodeAccepted'));
  });

  it('is spent by one of fifty parallel decisions', async () => {
    const code = right();
    const results = await Promise.all(Array.from({ length: 50 }, () => decide(code)));
    expect(results.filter((result) => 'committed' in result && result.committed)).toHaveLength(1);
    const accepted = (await events()).filter(({ type }) => type === 'CodeAccepted');
    expect(accepted).toHaveLength(1);
  });

  it('is spent although the decision it was given for is refused', async () => {
    const code = await submit(right());
    if (!code.ok) throw new Error('The code was right');
    await consumeCode(world.deps, code.value);
    expect(await decide(right())).toEqual(refusal('code-already-used'));
  });
});

describe('wrong codes', () => {
  it('are verified five times at most out of 500 at once, and then not even the right one', async () => {
    const results = await Promise.all(Array.from({ length: 500 }, () => submit(wrong())));
    expect(results).toEqual(Array(500).fill(refusal('code-refused')));
    expect(world.opened).toHaveLength(5);
    expect(await submit(right())).toEqual(refusal('code-refused'));
    expect(world.opened).toHaveLength(5);
  });

  it('lock for fifteen minutes, to the second', async () => {
    for (let i = 0; i < 5; i += 1) await submit(wrong());
    world.pass(15 * 60 - 1);
    expect(await submit(right())).toEqual(refusal('code-refused'));
    world.pass(1);
    expect(await submit(right())).toMatchObject({ ok: true });
  });

  it('are forgotten by a success', async () => {
    for (let i = 0; i < 4; i += 1) await submit(wrong());
    expect(await decide(right())).toMatchObject({ committed: true });
    world.pass(30);
    for (let i = 0; i < 4; i += 1) expect(await submit(wrong())).toEqual(refusal('code-refused'));
    expect(await decide(right())).toMatchObject({ committed: true });
  });

  it('ten in a row leave nothing but a new proof, however long one waits', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 5; i += 1) await submit(wrong());
      world.pass(15 * 60);
    }
    expect(await authenticator()).toMatchObject({ needsProof: true });
    expect(world.opened).toHaveLength(10);
    world.pass(365 * 86_400);
    expect(await submit(right())).toEqual(refusal('code-refused'));
    expect(world.opened).toHaveLength(10);
  });

  it('are on record with their reason, and no code is', async () => {
    for (let i = 0; i < 6; i += 1) await submit(wrong());
    const written = await events();
    expect(written.filter((event) => event.type === 'CodeRefused')).toHaveLength(6);
    expect(written).toContainEqual(expect.objectContaining({ reason: 'locked' }));
    expect(written).toContainEqual(expect.objectContaining({ type: 'AuthenticatorLocked' }));
    expect(JSON.stringify(written)).not.toContain(wrong());
  });
});

describe('an authenticator', () => {
  it('may not approve, extend or vouch while it is on hold, but may prove its own owner', async () => {
    const until = new Date(world.now().getTime() + 3_600_000).toISOString();
    secret = await withAuthenticator(world, BO, { mayApproveFrom: until });
    for (const purpose of ['approve', 'extend', 'vouch'] as const)
      expect(await submit(right(), purpose)).toEqual({
        ok: false,
        error: { code: 'authenticator-on-hold', until },
      });
    expect(world.opened).toEqual([]);
    expect(await submit(right(), 'ask')).toMatchObject({ ok: true });
    expect(await submit(right(), 'replace')).toMatchObject({ ok: true });
  });

  it('does not open when its ciphertext was moved to another owner', async () => {
    await withAuthenticator(world, CY);
    const stolen = (await authenticator()).sealed;
    const base = await world.journal.read('authenticator', CY);
    await world.journal.commit([put(base, { ...base.value!, sealed: stolen })], world.now());
    const given = { owner: CY, typed: right(), contentHash: HASH, purpose: 'approve' as const };
    await expect(verifyCode(world.deps, given)).rejects.toMatchObject({
      name: 'Fault',
      service: 'keys',
      retryable: false,
    });
  });
});
