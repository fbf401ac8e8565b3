/**
 * What the enrolment page does: shows the key once, takes the first code, gives the word and, with the first right code
 * only, the recovery codes. The link's token is all that its reader proves; tries are counted before anything is verified.
 * Nothing here makes an authenticator: that takes the word, typed in the owner's own Slack.
 */
import { digestOf } from '../domain/audit/digest.ts';
import { canonicalCode } from '../domain/authenticator/attempts.ts';
import {
  confirmed,
  ENROLMENT,
  linkOf,
  type Opened,
  type PageRefusal,
  reserveCode,
} from '../domain/authenticator/enrolment.ts';
import type { EnrolmentEvent } from '../domain/authenticator/model.ts';
import { wordFrom } from '../domain/authenticator/word.ts';
import { membersOf } from '../domain/policy/members.ts';
import { ok, type Result, refuse } from '../domain/result.ts';
import { type Ids, put } from '../ports.ts';
import { about, changeEnrolment } from './enrol-writes.ts';
import type { Policies } from './policies.ts';
import { newRecoveryCodes } from './recovery-codes.ts';
import { type CodeDeps, sealContext } from './verify-code.ts';

export type PageDeps = CodeDeps & { ids: Ids; policies: Pick<Policies, 'active'> };

/** What the page shows once: never logged, never stored. */
export type Key = { uri: string; key: string };

const TOKEN = /^([UW][A-Z0-9]{2,30})\.[A-Za-z0-9_-]{22,128}$/;
/** Whose link it claims to be; null for what cannot be a token at all. */
const ownerIn = (token: string): string | null => TOKEN.exec(token)?.[1] ?? null;
const hashOf = (token: string): string => digestOf('enrolment-token', token);

export async function revealSecret(
  deps: PageDeps,
  token: string,
): Promise<Result<Key, PageRefusal>> {
  const owner = ownerIn(token);
  if (owner === null) return refuse({ code: 'link-unknown' });
  const label = await labelOf(deps, owner);
  const shown = await changeEnrolment<Key | null, PageRefusal>(deps, owner, async (base, now) => {
    const link = linkOf(base.value, hashOf(token), now);
    if (!link.ok) return link;
    const { authenticatorId } = link.value;
    const head = { ...about(owner, now), authenticatorId };
    if (link.value.stage !== 'offered') {
      const event = { type: 'EnrolmentRefused', ...head, reason: 'key-already-shown' } as const;
      return ok({ writes: [put(base, link.value, [event])], value: null });
    }
    const secret = deps.ids.secret(ENROLMENT.secretBytes);
    const sealed = await deps.secretBox.seal(secret, sealContext(deps.tenant, link.value));
    const key = deps.codes.provisioning(secret, label);
    secret.fill(0);
    const next = { ...link.value, stage: 'revealed' as const, sealed, codeTries: 0 };
    const event = { type: 'SecretRevealed' as const, ...head };
    return ok({ writes: [put(base, next, [event])], value: key });
  });
  if (!shown.ok) return shown;
  return shown.value ? ok(shown.value) : refuse({ code: 'key-already-shown' });
}

/** How the entry is called in the app: the person's short name in the policy. */
async function labelOf({ policies }: PageDeps, owner: string): Promise<string> {
  const active = await policies.active();
  return (active && membersOf(active.policy).bySlack.get(owner)?.name) ?? owner;
}

export type PageConfirmed = {
  word: string;
  /** Null: they were shown before. */
  recoveryCodes: readonly string[] | null;
};

/** The first code. The same word again for the same reader with a right code: a page that was lost costs nothing. */
export async function confirmCode(
  deps: PageDeps,
  given: { token: string; typed: string },
): Promise<Result<PageConfirmed, PageRefusal>> {
  const owner = ownerIn(given.token);
  if (owner === null) return refuse({ code: 'link-unknown' });
  const digits = canonicalCode(given.typed);
  const reserved = await reserve(deps, { ...given, owner, digits });
  if (!reserved.ok) return reserved;
  const { link, now } = reserved.value;
  const secret = await deps.secretBox.open(link.sealed, sealContext(deps.tenant, link));
  const step = digits === null ? null : deps.codes.matchStep(secret, digits, now);
  const first = step !== null && link.stage === 'revealed';
  const recovery = first
    ? newRecoveryCodes(deps, secret, link.authenticatorId)
    : { codes: [], digests: [] };
  secret.fill(0);
  if (step === null) {
    await note(deps, link, 'wrong-code');
    return refuse({ code: 'code-wrong' });
  }
  return confirm(deps, { token: given.token, owner, step, recovery });
}

const reserve = (
  deps: PageDeps,
  given: { token: string; owner: string; digits: string | null },
): Promise<Result<{ link: Opened; now: Date }, PageRefusal>> =>
  changeEnrolment(deps, given.owner, async (base, now) => {
    const link = linkOf(base.value, hashOf(given.token), now);
    if (!link.ok) return link;
    // Not six digits: nothing is compared, so no try is spent.
    if (given.digits === null) return refuse({ code: 'code-malformed' });
    const counted = reserveCode(link.value);
    if (!counted.ok) return counted;
    return ok({ writes: [put(base, counted.value)], value: { link: counted.value, now } });
  });

const confirm = (
  deps: PageDeps,
  given: {
    token: string;
    owner: string;
    step: number;
    recovery: ReturnType<typeof newRecoveryCodes>;
  },
): Promise<Result<PageConfirmed, PageRefusal>> =>
  changeEnrolment<PageConfirmed, PageRefusal>(deps, given.owner, async (base, now) => {
    const link = linkOf(base.value, hashOf(given.token), now);
    if (!link.ok) return link;
    if (link.value.stage === 'offered') return refuse({ code: 'key-not-shown-yet' });
    const { authenticatorId } = link.value;
    // From the token, which is not stored: the table does not tell the word.
    const word = wordFrom(digestOf('enrolment-word', given.token));
    const { step, recovery } = given;
    const wordHash = wordHashOf(authenticatorId, word);
    const next = confirmed(link.value, { step, wordHash, recovery: recovery.digests });
    const event = {
      type: 'EnrolmentConfirmed' as const,
      ...about(given.owner, now),
      authenticatorId,
      step,
    };
    const recoveryCodes = link.value.stage === 'revealed' ? recovery.codes : null;
    return ok({ writes: [put(base, next, [event])], value: { word, recoveryCodes } });
  });

export const wordHashOf = (authenticatorId: string, word: string): string =>
  digestOf('enrolment-word-typed', { authenticatorId, word });

/** Records a failed try, unless the link has gone meanwhile. */
export async function note(
  deps: Pick<CodeDeps, 'journal' | 'clock'>,
  link: Opened,
  reason: Extract<EnrolmentEvent, { type: 'EnrolmentRefused' }>['reason'],
): Promise<void> {
  await changeEnrolment(deps, link.owner, async (base, now) => {
    const { authenticatorId, owner } = link;
    const current = base.value;
    if (!current || !('tokenHash' in current) || current.authenticatorId !== authenticatorId)
      return ok({ writes: [], value: null });
    const event = { type: 'EnrolmentRefused' as const, ...about(owner, now), authenticatorId };
    return ok({ writes: [put(base, current, [{ ...event, reason }])], value: null });
  });
}
