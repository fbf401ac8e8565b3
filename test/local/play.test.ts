/** People from a terminal: the main story by `npm run play`, and what it says where something cannot be done. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play, USAGE } from '../../local/play/play.ts';
import { openStage, type Stage } from '../journeys/stage.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'hallpass-play-'));
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ dataDir });
});
afterAll(async () => {
  await stage.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What a line of the terminal prints. */
async function seen(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const env = { HALLPASS_DATA: dataDir };
  await play(args, { env, print: (line) => printed.push(line) });
  return printed.join('\n');
}
const LINE = '/request-access github:acme/deployers member 2h INC-123 rollback <of> payments';

test('asks, approves with the code of the moment, lets the time pass, and sees each at the provider', async () => {
  expect(await seen('ana', LINE)).toMatch(
    /INC-123 rollback <of> payments[\s\S]*\[Ask\] \[Cancel\]/,
  );
  expect(await seen('ana', 'press', 'Ask')).toContain('*Waiting for approval*');
  await stage.settle();
  expect(await seen('bo', 'look')).toContain('[Approve] [Deny]');
  expect(await seen('bo', 'press', 'approve')).toMatch(
    /= Approve AR-[\s\S]*\(code\)[\s\S]*\(Approve\)$/,
  );
  expect(await seen('bo', 'fill', 'code=000000')).toMatch(/! code: That code was not accepted/);
  expect(await seen('members', 'acme/deployers')).not.toContain('ana-dev');
  expect(await seen('bo', 'fill', 'code=now')).toContain('= Approved =');
  await stage.settle();
  expect(await seen('members', 'acme/deployers')).toContain('ana-dev (member)');
  expect(await seen('clock', '2h')).toMatch(/^\d{4}-.*Z$/);
  expect(await seen('members', 'acme/deployers')).not.toContain('ana-dev');
  expect(await seen('ana', 'look')).toContain('verified gone');
  const audit = await seen('audit');
  expect(audit.indexOf('GrantAuthorized')).toBeGreaterThan(audit.indexOf('RequestApproved'));
  expect(audit.indexOf('GrantRemoved')).toBeGreaterThan(audit.indexOf('GrantExpired'));
});

test.each([
  [['zed', 'look'], USAGE],
  [[], USAGE],
  [['ana', 'dance'], USAGE],
  [['ana', 'press', 'Nope'], 'They see no button "Nope".'],
  [['ana', 'fill', 'code=now'], 'No form is open in front of them.'],
  [['members', 'acme/nobody'], 'No provider here has members in "acme/nobody".'],
  [['clock', 'yesterday'], 'Say how far'],
])('%j cannot be done, and why is said', async (args, words) => {
  await expect(seen(...args)).rejects.toThrow(words);
});

test('where no Hallpass runs it says so', async () => {
  const nowhere = { env: { HALLPASS_DATA: '/nowhere' }, print: () => undefined };
  await expect(play(['ana', 'look'], nowhere)).rejects.toThrow('Run: npm start');
});
