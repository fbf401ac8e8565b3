/**
 * How a listener meets Slack: the payload's slice is parsed, the intent is carried out, the person gets words, and only then
 * Slack is told that all is well: on Lambda nothing runs after the answer. A silent outside world becomes a sentence; a
 * defect goes to the receiver. Words never depend on what a decision was: that is recorded before they are written.
 */
import type { App } from '@slack/bolt';
import type * as z from 'zod';
import type { SlackDeps } from './deps.ts';
import { type FormOpener, formOpener } from './form-opener.ts';
import { ClickBody, CommandBody, Interaction, SubmissionBody } from './payloads.ts';
import { answerClick, type ClickReply } from './reply.ts';
import type { ShellRefusal } from './shell-refusal.ts';
import { outsideSilence } from './slack-error.ts';
import { type Teller, teller } from './teller.ts';
import type { Modal } from './views/block-kit.ts';
import { noticeModal } from './views/modals.ts';
import type { Message } from './views/parts.ts';
import { refusalMessage } from './views/refusal-message.ts';

export type Act<Body> = {
  readonly body: Body;
  /** What identifies this interaction; a second delivery has the same. */
  readonly interaction: string;
  readonly openForm: FormOpener;
  readonly tell: Teller;
};
export type SubmitReply =
  | { errors: Record<string, string> }
  | { notice: Message; title: string }
  /** The next form, in the place of this one. */
  | { form: Modal };

const wordsOf = (refusal: ShellRefusal, deps: SlackDeps): Message =>
  refusalMessage(refusal, deps.clock.now());

const parsed = <T>(schema: z.ZodType<T>, value: unknown): T | null => {
  const result = schema.safeParse(value);
  return result.success ? result.data : null;
};

const keyOf = (context: unknown): string => Interaction.parse(context).interaction;

type Handler<Body, Reply> = (act: Act<Body>, deps: SlackDeps) => Promise<Reply>;

export function onCommand(
  app: App,
  deps: SlackDeps,
  on: { name: string; run: Handler<CommandBody, Message | null> },
): void {
  app.command(on.name, async ({ body, context, client, ack }) => {
    const command = parsed(CommandBody, body);
    const interaction = keyOf(context);
    const openForm = formOpener(client, deps);
    const tell = teller(client, deps);
    const message = command
      ? await on
          .run({ body: command, interaction, openForm, tell }, deps)
          .catch((error: unknown) => wordsOf(outsideSilence(error, deps), deps))
      : wordsOf({ code: 'action-unreadable' }, deps);
    await (message ? ack({ response_type: 'ephemeral', ...message }) : ack());
  });
}

export function onClick(
  app: App,
  deps: SlackDeps,
  on: { actionId: string; run: Handler<ClickBody, ClickReply> },
): void {
  app.action(on.actionId, async ({ body, context, client, ack }) => {
    const click = parsed(ClickBody, body);
    const interaction = keyOf(context);
    const openForm = formOpener(client, deps);
    const tell = teller(client, deps);
    if (click) {
      const reply = await on
        .run({ body: click, interaction, openForm, tell }, deps)
        .catch((error: unknown) => ({ message: wordsOf(outsideSilence(error, deps), deps) }));
      if (reply) await answerClick({ click, client, deps }, reply);
    }
    await ack();
  });
}

export function onSubmit(
  app: App,
  deps: SlackDeps,
  on: { callbackId: string; run: Handler<SubmissionBody, SubmitReply> },
): void {
  app.view(on.callbackId, async ({ body, context, client, ack }) => {
    const submission = parsed(SubmissionBody, body);
    const interaction = keyOf(context);
    const openForm = formOpener(client, deps);
    const tell = teller(client, deps);
    const reply: SubmitReply = submission
      ? await on
          .run({ body: submission, interaction, openForm, tell }, deps)
          .catch((error: unknown) => notice(outsideSilence(error, deps), deps))
      : notice({ code: 'action-unreadable' }, deps);
    if ('errors' in reply) return ack({ response_action: 'errors', errors: reply.errors });
    const view = 'form' in reply ? reply.form : noticeModal(reply.title, reply.notice);
    return ack({ response_action: 'update', view });
  });
}

const notice = (refusal: ShellRefusal, deps: SlackDeps): SubmitReply => ({
  title: 'Nothing decided',
  notice: wordsOf(refusal, deps),
});
