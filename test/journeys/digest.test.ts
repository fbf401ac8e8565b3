/** The night on which the clock of Havana falls back, with a digest at 00:10, a time that comes twice: the channel gets it once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { LINE, openStage, type Stage } from './stage.ts';

const DAY = '2026-11-01';
const DIGEST = `C0ACCESS#${DAY}`;
let stage: Stage;
beforeAll(async () => {
  const policyFile = join(temporaryFolder(), 'access.yaml');
  const example = readFileSync(join(__dirname, '../../access.yaml'), 'utf8');
  const policy = example
    .replace('timezone: Europe/Berlin', 'timezone: America/Havana')
    .replace('digest: { at: "09:00" }', 'digest: { at: "00:10" }');
  writeFileSync(policyFile, policy);
  stage = await openStage({ policyFile, startAt: new Date('2026-11-01T03:52:00Z') });
});
afterAll(() => stage.close());

/** Of the channel that rules name; the security channel has its own. */
const digests = () =>
  stage.world.slack
    .state()
    .messages.filter(
      ({ channel, metadata }) =>
        channel === 'C0ACCESS' && JSON.stringify(metadata)?.includes('hallpass_digest'),
    );
const goTo = (instant: string) =>
  stage.advance((Date.parse(instant) - stage.world.clock.now().getTime()) / 1000);
const status = async () => (await stage.world.journal.read('digest', DIGEST)).value?.message.status;

it('nothing is said before its time', async () => {
  const { people } = stage;
  const id = await people.ask('U0ANA', LINE);
  await stage.settle();
  await people.approve('U0BO', id);
  await stage.advance(200);
  expect(await stage.status(id)).toBe('ended');
  await people.ask('U0ANA', 'github:acme/release member 10m INC-124 waiting for somebody');
  await goTo('2026-11-01T04:09:59Z');
  expect(digests()).toEqual([]);
});

it('at the first 00:10 the channel is told what happened, after Slack had failed once', async () => {
  stage.world.faults.set({ target: 'slack', on: '*', fail: '500', times: 1 });
  await goTo('2026-11-01T04:10:00Z');
  expect(await status()).toBe('unsent');
  await goTo('2026-11-01T04:13:00Z');
  expect(await status()).toBe('sent');
  const [message] = digests();
  expect(message?.['channel']).toBe('C0ACCESS');
  const words = JSON.stringify(message?.['blocks']);
  expect(words).toContain('Access digest for Sun 1 Nov');
  expect(words).toContain('*Yesterday, Sat 31 Oct*\\n2 asked · 1 granted · 1 ended on time');
  expect(words).not.toContain('Late');
});

it('not again: by runs at once, or when the clock shows 00:10 for the second time', async () => {
  const { digest } = stage.world.functions;
  await Promise.all([digest(), digest(), digest()]);
  await goTo('2026-11-01T05:11:00Z');
  expect(digests()).toHaveLength(1);
});

it('the witness of it is in the journal, and no word that anybody typed', async () => {
  const { value } = await stage.world.journal.read('digest', DIGEST);
  expect(value?.message).toMatchObject({
    status: 'sent',
    channel: 'C0ACCESS',
    ts: digests()[0]?.['ts'],
  });
  expect(value?.counted).toEqual({
    from: '2026-10-31T04:00:00.000Z',
    to: '2026-11-01T04:00:00.000Z',
  });
  expect(JSON.stringify(value)).not.toMatch(/INC-12|rollback|waiting for somebody/);
});
