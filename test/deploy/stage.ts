/** What the steps of the story share: the emulated AWS, the world outside it, who operates it, and what is deployed by now. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployed } from '../../local/operations/deployed.ts';
import type { People } from '../../local/people.ts';
import { type Scene, teamOf } from './access.ts';
import { type Cloud, cloudOf } from './cloud.ts';
import { type Internet, startInternet } from './internet.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { type Operator, operatorOf } from './operator.ts';
import { story } from './protocol.ts';
import { listeningSiem, type Siem } from './siem.ts';

const TOLD_LINES = 80;
/** A pipeline has nobody to ask. */
export const UNASKED = ['--require-approval', 'never'];
export const POLICY = readFileSync(join(__dirname, 'access.yaml'), 'utf8');

let ministack: Ministack;
export let operator: Operator;
export let internet: Internet;
/** Somebody else's, who is told what was sealed. */
export let siem: Siem;
export let deployed: Deployed;
export let cloud: Cloud;
/** From this instant on everything that the product needs is there. */
export let servedSince: string;
/** From the enrolment of the first approver on. */
export let people: People;
/** Who was in the team before anybody asked. */
export let before: string[];
/** Ids of requests, in order. */
export const asked: string[] = [];

export const scene = (): Scene => ({ internet, cloud, people, before });

/** One step of the story; after a failure it tells the end of what emulator and functions logged. */
export const step = story(async () => {
  const logged = cloud ? await cloud.logLines() : [];
  const lines = [
    ...(ministack?.log().split('\n') ?? []).slice(-TOLD_LINES),
    ...logged.slice(-TOLD_LINES),
  ];
  return lines.join('\n');
});

export const folderOf = (name: 'HALLPASS_MINISTACK' | 'HALLPASS_DEPLOY_FOLDER'): string => {
  const folder = process.env[name];
  if (folder === undefined) throw new Error('Run it by: npm run test:deploy');
  return folder;
};

export async function openWorld(): Promise<void> {
  const work = folderOf('HALLPASS_DEPLOY_FOLDER');
  ministack = await startMinistack(folderOf('HALLPASS_MINISTACK'), work);
  operator = operatorOf(ministack, work);
  operator.writePolicy(POLICY);
  internet = await startInternet();
  siem = await listeningSiem(endpointOf(ministack));
  before = await teamOf(internet);
}

export async function closeWorld(): Promise<void> {
  cloud?.close();
  siem?.close();
  await internet?.close();
  await ministack?.close();
}

/** After a deploy: its address is where requests go, its names are what is looked at. */
export function reachable(): void {
  deployed = operator.deployed();
  internet.leadTo(new URL(deployed.Address));
  cloud?.close();
  cloud = cloudOf(endpointOf(ministack), deployed);
}

const endpointOf = ({ env }: Ministack): string => env['AWS_ENDPOINT_URL'] ?? '';

export function served(at: Date): void {
  servedSince = at.toISOString();
}

export function enter(made: People): void {
  people = made;
}
