/** While a wider file waits, what the product lets a role do is allowed by both: who loses the role has lost it at once. */
import { cancelReset } from '../../shared/application/cancel-reset.ts';
import { endEverythingOf } from '../../shared/application/end-all.ts';
import { offerEnrolment } from '../../shared/application/enrol.ts';
import { homeFacts } from '../../shared/application/home-facts.ts';
import { operatorEnrol } from '../../shared/application/operator-enrol.ts';
import { mayReset } from '../../shared/application/reset-authenticator.ts';
import { mayPause, mayPress } from '../../shared/application/switches.ts';
import { typeWord } from '../../shared/application/type-word.ts';
import { mayVouch } from '../../shared/application/vouch-for.ts';
import {
  ANA,
  BO,
  CY,
  DEE,
  type EnrolmentWorld,
  enrolmentWorld,
  throughPage,
  withAuthenticator,
} from '../support/enrolment-world.ts';

const EVE = 'U0EVE';
const more = `  eve: { slack: U0EVE, roles: [admin], accounts: { github: eve-admin } }\n`;
const widening = '10m';
/** Eve becomes an admin, and Dee is none any more. */
const SWAPPED = { widening, more, dee: 'developer' };
let world: EnrolmentWorld;
beforeEach(async () => {
  world = await enrolmentWorld({ widening });
  await withAuthenticator(world, BO);
});

type Power = (
  by: string,
  deps: EnrolmentWorld['deps'],
) => Promise<{ ok: true } | { ok: false; error: { code: string } }>;
const POWERS: readonly (readonly [string, Power, string])[] = [
  [
    'pause new access',
    (person, deps) => mayPause(deps, { person, scope: 'all', paused: true }),
    'admins-only',
  ],
  [
    'press the red button',
    (person, deps) => mayPress(deps, { person, what: 'stop' }),
    'admins-only',
  ],
  ['start a reset', (by, deps) => mayReset(deps, { by, owner: BO }), 'not-an-admin'],
  [
    'end everything of somebody',
    (by, deps) => endEverythingOf(deps, { whose: ANA, by }),
    'not-allowed-to-end',
  ],
  [
    'call off a reset of somebody',
    async (by, deps) => {
      // That there is none is for who may know.
      const done = await cancelReset(deps, { by, owner: BO, resetId: null });
      return done.ok || done.error.code === 'no-reset' ? { ok: true } : done;
    },
    'not-allowed-to-cancel',
  ],
  [
    'vouch for somebody',
    (voucher, deps) => mayVouch(deps, { voucher, owner: ANA }),
    'not-a-voucher',
  ],
  [
    'be enrolled from the command line',
    async (owner, deps) => operatorEnrol(deps, owner),
    'vouching-needed',
  ],
];

test.each(POWERS)(
  'an admin may %s; who is to be none any more may not from the moment on in which such a file is loaded, and who is to be one may not yet',
  async (_, power, code) => {
    expect(await power(DEE, world.deps)).toMatchObject({ ok: true });
    await world.setPolicy(SWAPPED);
    expect((await world.deps.policies.active())?.pending).toBeDefined();
    expect(await power(DEE, world.deps)).toMatchObject({ ok: false, error: { code } });
    expect((await power(EVE, world.deps)).ok).toBe(false);
    world.pass(600);
    await world.setPolicy(SWAPPED);
    expect((await world.deps.policies.active())?.pending).toBeUndefined();
    expect((await power(EVE, world.deps)).ok).toBe(true);
    expect((await power(DEE, world.deps)).ok).toBe(false);
  },
);

test('who could confirm the red button is told with it: never the presser, nor who is yet to be an admin', async () => {
  const others = async () => {
    const may = await mayPress(world.deps, { person: DEE, what: 'stop' });
    return may.ok ? may.value.others : may.error.code;
  };
  expect(await others()).toEqual([]);
  await world.setPolicy({ widening, more });
  expect(await others()).toEqual([]);
  world.pass(600);
  await world.setPolicy({ widening, more });
  expect(await others()).toEqual([EVE]);
});

test('and no Home shows them the health of it all', async () => {
  const health = async (person: string) => {
    const { facts } = await homeFacts(world.deps, person);
    return facts.kind === 'open' ? facts.health : facts.refusal;
  };
  expect(await health(DEE)).not.toBeNull();
  await world.setPolicy(SWAPPED);
  expect(await health(DEE)).toBeNull();
  expect(await health(EVE)).toEqual({ code: 'unknown-person', person: EVE });
});

test('what is longer, or demands more of who enrols, counts at once as well', async () => {
  await world.setPolicy({ widening, ...{ more, hold: '3h', enrolment: 'vouched' } });
  const offer = () => offerEnrolment(world.deps, { owner: ANA, typed: null });
  expect(await offer()).toMatchObject({
    error: { code: 'vouching-needed', vouchers: [BO, CY, DEE] },
  });
  await world.setPolicy({ widening, more, hold: '3h' });
  const link = await offer();
  if (!link.ok) throw new Error(link.error.code);
  const { word } = await throughPage(world, link.value.url);
  const mayApproveFrom = new Date(world.now().getTime() + 3 * 3600_000).toISOString();
  expect(await typeWord(world.deps, { owner: ANA, typed: word })).toMatchObject({
    value: { mayApproveFrom },
  });
});

test('who waits for a voucher is sent to people who may vouch by both files', async () => {
  await world.setPolicy({ widening, enrolment: 'vouched' });
  const { setPolicy, deps } = world;
  await setPolicy({ ...SWAPPED, enrolment: 'vouched' });
  expect(await mayVouch(deps, { voucher: ANA, owner: CY })).toEqual({
    ok: false,
    error: { code: 'not-a-voucher', vouchers: [BO] },
  });
});
