import { beginEnrolment } from '../../shared/application/enrol.ts';
import { operatorEnrol } from '../../shared/application/operator-enrol.ts';
import { typeWord } from '../../shared/application/type-word.ts';
import {
  ANA,
  BO,
  DEE,
  type EnrolmentWorld,
  enrolmentWorld,
  throughPage,
  withAuthenticator,
} from '../support/enrolment-world.ts';

let world: EnrolmentWorld;
beforeEach(async () => {
  world = await enrolmentWorld({ enrolment: 'vouched' });
});
const refusal = (code: string, more: object = {}) => ({ ok: false, error: { code, ...more } });

describe('the operator at the command line', () => {
  it("makes the first link of all, which still takes the word in the owner's Slack", async () => {
    const offered = await operatorEnrol(world.deps, ANA);
    if (!offered.ok) throw new Error(offered.error.code);
    const { word } = await throughPage(world, offered.value.url);
    expect(await beginEnrolment(world.deps, { owner: ANA, afresh: false })).toMatchObject({
      value: { step: 'type-word' },
    });
    expect(await typeWord(world.deps, { owner: ANA, typed: word })).toMatchObject({ ok: true });
    const [first] = await world.journal.history('enrolment', ANA);
    expect(first?.event).toMatchObject({ type: 'EnrolmentOffered', actor: { kind: 'operator' } });
  });

  it('has the owner of an unused link asked for the word, not sent away', async () => {
    await operatorEnrol(world.deps, ANA);
    expect(await beginEnrolment(world.deps, { owner: ANA, afresh: false })).toMatchObject({
      ok: true,
      value: { step: 'type-word' },
    });
  });

  it('gets an admin in when others are enrolled already, and sends everybody else to them', async () => {
    await withAuthenticator(world, BO);
    expect(await operatorEnrol(world.deps, DEE)).toMatchObject({ ok: true });
    expect(await operatorEnrol(world.deps, ANA)).toEqual(
      refusal('vouching-needed', { vouchers: [BO] }),
    );
  });

  it('does not replace an authenticator that works', async () => {
    await withAuthenticator(world, DEE);
    expect(await operatorEnrol(world.deps, DEE)).toEqual(
      refusal('already-enrolled', { person: DEE }),
    );
  });

  it('gets in who is locked out for good, by replacing', async () => {
    await withAuthenticator(world, BO, { needsProof: true });
    const offered = await operatorEnrol(world.deps, BO);
    if (!offered.ok) throw new Error(offered.error.code);
    const { word } = await throughPage(world, offered.value.url);
    expect(await typeWord(world.deps, { owner: BO, typed: word })).toMatchObject({
      ok: true,
      value: { replaced: true },
    });
  });

  it('knows nobody who is not in the policy', async () => {
    expect(await operatorEnrol(world.deps, 'U0ZED')).toEqual(
      refusal('unknown-person', { person: 'U0ZED' }),
    );
  });
});
