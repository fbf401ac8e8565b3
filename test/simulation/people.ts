/** What people do in Slack, through the product's own verbs: each act is a run of its own that may die at any call. */
import { executeCommand } from '../../shared/application/execute-command.ts';
import { type VerifiedCode, verifyCode } from '../../shared/application/verify-code.ts';
import type { Command, RequestAccess } from '../../shared/domain/access-request/command.ts';
import { contentOf } from '../../shared/domain/access-request/decide.ts';
import { extensionHash } from '../../shared/domain/access-request/decide-extension.ts';
import type { KnownRequest, Start } from '../../shared/domain/access-request/model.ts';
import { commitText } from '../../shared/domain/audit/chain.ts';
import { containerOf, holdingOf, PROVIDER, personOf, REQUESTER_CODE } from './cast.ts';
import { codeOf, stepAt } from './sim-codes.ts';
import type { Ports, World } from './world.ts';

export type Asked = {
  requestId: string;
  requester: string;
  resource: string;
  role: string;
  durationSeconds: number;
  /** How long after the ask access is to begin; null: once it is approved. */
  startsInSeconds: number | null;
  /** Seconds after that in which its holder has to start it; null: it starts by itself. */
  windowSeconds?: number | null;
  breakGlass?: boolean;
};
/** A click on Slack's side: its key, and how the person types the code. */
export type Click = { interaction: string; typed: 'right' | 'wrong' | 'used' | 'none' };
const SLACK_FUNCTION_SECONDS = 10;

export const act = (world: World, name: string, body: (ports: Ports) => Promise<unknown>) =>
  world.processes.spawn(name, SLACK_FUNCTION_SECONDS, (process) => body(world.ports(process)));

export function typedCode(world: World, slack: string, typed: Click['typed']): string {
  const step = stepAt(world.time.nowMs());
  const used = world.store.peek('authenticator', slack).value?.lastStep ?? 0;
  const right = codeOf(slack, step);
  if (typed === 'none') return '';
  if (typed === 'used') return codeOf(slack, Math.max(used, step - 1));
  return typed === 'right'
    ? right
    : right.replace(/^./, (first) => String((Number(first) + 5) % 10));
}

function startOf({ startsInSeconds, windowSeconds }: Asked, now: Date): Start | null {
  if (startsInSeconds === null) return null;
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  const until = windowSeconds ? at(startsInSeconds + windowSeconds) : null;
  return { notBefore: at(startsInSeconds), until };
}

export function ask(world: World, asked: Asked, click: Click): void {
  act(world, 'ask', async (ports) => {
    const { requestId, requester, resource, role, durationSeconds } = asked;
    const login = personOf(requester).login;
    const active = await ports.policies.active();
    if (!login || !active) return;
    const text = 'INC-1 rollback';
    const commitment = commitText(text, requestId);
    const command: RequestAccess = {
      type: 'RequestAccess',
      requestId,
      actor: { kind: 'person', id: requester },
      subject: requester,
      entitlement: { id: `${PROVIDER}:${resource}`, ...containerOf(resource), role },
      holdingId: holdingOf(resource, login),
      durationSeconds,
      justification: { text, commitment },
      start: startOf(asked, ports.clock.now()),
      breakGlass: asked.breakGlass ? { incident: null } : null,
    };
    let code: VerifiedCode | null = null;
    if (REQUESTER_CODE[resource] || (asked.breakGlass && click.typed !== 'none')) {
      const typed = typedCode(world, requester, click.typed);
      const content = contentOf(command, active.hash);
      const given = { owner: requester, typed, contentHash: content, purpose: 'ask' as const };
      const verified = await verifyCode(ports, given);
      if (!verified.ok) return;
      code = verified.value;
    }
    await executeCommand(command, ports, {
      interaction: click.interaction,
      text: { key: 'justification', text, salt: requestId, commitment },
      ...(code ? { code } : {}),
    });
  });
}

export function approve(world: World, asked: Asked, by: string, click: Click): void {
  decideWithCode(world, { asked, by, click, purpose: 'approve' }, (request, actor) => ({
    type: 'ApproveRequest',
    requestId: asked.requestId,
    actor,
    contentHash: request.contentHash,
    shortenToSeconds: world.rng.chance(0.1) ? Math.ceil(asked.durationSeconds / 2) : null,
  }));
}

/** Who has access asks for more; where that waits already, somebody else decides about it. */
export function askForMore(world: World, asked: Asked, click: Click): void {
  const { requestId, requester } = asked;
  act(world, 'ask-extension', async (ports) => {
    const { value } = await ports.journal.read('request', requestId);
    if (value?.status !== 'active') return;
    const active = await ports.policies.active();
    if (!active) return;
    const bySeconds = world.rng.between(1, 5) * 60;
    const content = extensionHash(value, { bySeconds, policyHash: active.hash });
    let code: VerifiedCode | null = null;
    if (REQUESTER_CODE[asked.resource] || asked.breakGlass) {
      const typed = typedCode(world, requester, click.typed);
      const given = { owner: requester, typed, contentHash: content };
      const verified = await verifyCode(ports, { ...given, purpose: 'ask-extension' });
      if (!verified.ok) return;
      code = verified.value;
    }
    const actor = { kind: 'person' as const, id: requester };
    const command = { type: 'RequestExtension' as const, requestId, actor, bySeconds };
    const { interaction } = click;
    await executeCommand(command, ports, { interaction, ...(code ? { code } : {}) });
  });
}

export function extend(world: World, asked: Asked, by: string, click: Click): void {
  decideWithCode(world, { asked, by, click, purpose: 'extend' }, (request, actor) => ({
    type: 'ApproveExtension',
    requestId: asked.requestId,
    actor,
    contentHash: contentIn(request),
  }));
}

/** What is asked of approvers now: the request, or more time. */
const contentIn = (request: KnownRequest): string =>
  (request.status === 'active' ? request.extension?.contentHash : undefined) ?? request.contentHash;

function decideWithCode(
  world: World,
  step: { asked: Asked; by: string; click: Click; purpose: 'approve' | 'extend' },
  commandOf: (request: KnownRequest, actor: { kind: 'person'; id: string }) => Command,
): void {
  const { asked, by, click, purpose } = step;
  act(world, purpose, async (ports) => {
    const { value } = await ports.journal.read('request', asked.requestId);
    if (!value || value.status === 'new') return;
    const typed = typedCode(world, by, click.typed);
    const content = contentIn(value);
    const code = await verifyCode(ports, { owner: by, typed, contentHash: content, purpose });
    if (!code.ok) return;
    const command = commandOf(value, { kind: 'person', id: by });
    await executeCommand(command, ports, { interaction: click.interaction, code: code.value });
  });
}

/** Deny, withdraw or end: no code is asked for. */
export function say(
  world: World,
  what: 'DenyRequest' | 'WithdrawRequest' | 'EndGrant',
  about: { asked: Asked; by: string; interaction: string },
): void {
  const { asked, by, interaction } = about;
  act(world, what, (ports) => {
    const base = { requestId: asked.requestId, actor: { kind: 'person' as const, id: by } };
    const command: Command =
      what === 'WithdrawRequest' ? { type: what, ...base } : { type: what, ...base, reason: null };
    return executeCommand(command, ports, { interaction });
  });
}
