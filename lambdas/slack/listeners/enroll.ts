/**
 * Enrolling: `/access enroll` and the button open a form with the link, or ask for what is missing; `/access enroll @dee`
 * vouches for Dee. The word that the page shows comes back here, from its owner alone.
 */
import type { App } from '@slack/bolt';
import { beginEnrolment, offerEnrolment } from '../../../shared/application/enrol.ts';
import { typeWord } from '../../../shared/application/type-word.ts';
import { mayVouch, vouchFor } from '../../../shared/application/vouch-for.ts';
import { SlackUserId } from '../../../shared/domain/access-request/model.ts';
import { membersOf } from '../../../shared/domain/policy/members.ts';
import { type Act, onClick, onSubmit, type SubmitReply } from '../act.ts';
import type { SlackDeps } from '../deps.ts';
import { type ClickBody, type CommandBody, type SubmissionBody, typedIn } from '../payloads.ts';
import type { ClickReply } from '../reply.ts';
import type { Modal } from '../views/block-kit.ts';
import {
  ENROLL,
  invitation,
  linkModal,
  noticeOf,
  notReached,
  replaceModal,
  vouchedNotice,
  vouchModal,
  wordModal,
} from '../views/enroll.ts';
import {
  type EnrolmentRefusal,
  enrolmentRefusalLine,
  enrolmentRefusalMessage,
} from '../views/enroll-refusals.ts';
import type { Message } from '../views/parts.ts';
import { refusalMessage } from '../views/refusal-message.ts';

export function registerEnroll(app: App, deps: SlackDeps): void {
  onClick(app, deps, { actionId: 'enroll', run: enrollClicked });
  // A button with an address is reported, too; the browser has gone there already.
  onClick(app, deps, { actionId: ENROLL.openPage, run: async () => null });
  onSubmit(app, deps, { callbackId: ENROLL.word, run: wordTyped });
  onSubmit(app, deps, { callbackId: ENROLL.replace, run: replaceSubmitted });
  onSubmit(app, deps, { callbackId: ENROLL.vouch, run: vouchSubmitted });
}

/** `/access enroll`, `/access enroll again`, `/access enroll @dee`. */
export async function enroll(
  { body, openForm }: Act<CommandBody>,
  deps: SlackDeps,
  rest: string,
): Promise<Message | null> {
  const [by, word] = [{ openForm, triggerId: body.trigger_id }, rest.trim()];
  if (word === '') return begin(deps, by, { owner: body.user_id, afresh: false });
  if (word === 'again') return begin(deps, by, { owner: body.user_id, afresh: true });
  const owner = await personNamed(deps, word);
  if (owner === null)
    return said(
      { code: 'nobody-by-that-name', after: 'enroll', typed: word.slice(0, LONGEST_SHOWN) },
      deps,
    );
  const may = await mayVouch(deps, { voucher: body.user_id, owner });
  return may.ok ? opened(deps, by, vouchModal(owner)) : said(may.error, deps);
}

export const LONGEST_SHOWN = 80;
const MENTION = /^<@([UW][A-Z0-9]{2,30})(?:\|[^>]*)?>$/;

/** A mention, or the short name in the policy. */
export async function personNamed(deps: SlackDeps, typed: string): Promise<string | null> {
  const mentioned = MENTION.exec(typed)?.[1];
  if (mentioned !== undefined) return mentioned;
  const name = typed.replace(/^@/, '').toLowerCase();
  const active = await deps.policies.active();
  if (!active) return null;
  const members = [...membersOf(active.policy).bySlack.values()];
  return members.find((member) => member.name.toLowerCase() === name)?.slack ?? null;
}

async function enrollClicked(act: Act<ClickBody>, deps: SlackDeps): Promise<ClickReply> {
  const { body, openForm } = act;
  const by = { openForm, triggerId: body.trigger_id };
  const message = await begin(deps, by, { owner: body.user.id, afresh: false });
  return message ? { message } : null;
}

export type By = { openForm: Act<unknown>['openForm']; triggerId: string };

async function begin(
  deps: SlackDeps,
  by: By,
  ask: { owner: string; afresh: boolean },
): Promise<Message | null> {
  const next = await beginEnrolment(deps, ask);
  if (!next.ok) return said(next.error, deps);
  switch (next.value.step) {
    case 'open-link':
      return opened(deps, by, linkModal(next.value.offered));
    case 'type-word':
      return opened(deps, by, wordModal(next.value.expiresAt));
    case 'give-code':
      return opened(deps, by, replaceModal());
    default:
      return next.value satisfies never;
  }
}

export async function opened(deps: SlackDeps, by: By, form: Modal): Promise<Message | null> {
  const refusal = await by.openForm(by.triggerId, form);
  return refusal ? refusalMessage(refusal, deps.clock.now()) : null;
}

async function replaceSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const typed = typedIn(act.body, 'code') ?? '';
  const offered = await offerEnrolment(deps, { owner: act.body.user.id, typed });
  return offered.ok ? { form: linkModal(offered.value) } : refused(offered.error, deps);
}

async function vouchSubmitted(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const owner = SlackUserId.safeParse(act.body.view.private_metadata);
  if (!owner.success)
    return {
      title: 'Nothing done',
      notice: refusalMessage({ code: 'action-unreadable' }, deps.clock.now()),
    };
  const voucher = act.body.user.id;
  const typed = typedIn(act.body, 'code') ?? '';
  const vouched = await vouchFor(deps, { voucher, owner: owner.data, typed });
  if (!vouched.ok) return refused(vouched.error, deps);
  const { until } = vouched.value;
  const notice = vouchedNotice(owner.data, until);
  const reached = await act.tell(owner.data, invitation(voucher, until));
  const blocks = reached ? notice.blocks : [...notice.blocks, notReached(owner.data)];
  return { title: 'Vouched', notice: { ...notice, blocks } };
}

async function wordTyped(act: Act<SubmissionBody>, deps: SlackDeps): Promise<SubmitReply> {
  const owner = act.body.user.id;
  const typed = typedIn(act.body, 'word') ?? '';
  const enrolled = await typeWord(deps, { owner, typed });
  if (!enrolled.ok) return refused(enrolled.error, deps);
  // Owner and security channel are told by announce, from the journal.
  return { title: 'Authenticator set up', notice: noticeOf(enrolled.value.event).owner };
}

const FIELDS: ReadonlyMap<EnrolmentRefusal['code'], string> = new Map([
  ['code-malformed', 'code'],
  ['code-refused', 'code'],
  ['code-already-used', 'code'],
  ['authenticator-replaced', 'code'],
  ['recovery-code-malformed', 'recovery'],
  ['recovery-code-refused', 'recovery'],
  ['word-wrong', 'word'],
  ['word-too-early', 'word'],
]);

export function refused(refusal: EnrolmentRefusal, deps: SlackDeps): SubmitReply {
  const field = FIELDS.get(refusal.code);
  if (field) return { errors: { [field]: enrolmentRefusalLine(refusal, deps.clock.now()) } };
  return { title: 'Nothing done', notice: said(refusal, deps) };
}

export const said = (refusal: EnrolmentRefusal, deps: SlackDeps): Message =>
  enrolmentRefusalMessage(refusal, deps.clock.now());
