/** trigger_ids and response_urls that Slack handed out: each says whom it was for, how long it serves, and how often. */
import { LIMITS } from '../../lambdas/slack/views/limits.ts';
import { SlackError } from './slack-error.ts';

export type Trigger = {
  readonly id: string;
  readonly user: string;
  /** The modal in which the person acted; only such a trigger can push. */
  readonly viewId?: string;
};

export type ResponseUrl = {
  readonly id: string;
  readonly user: string;
  readonly channel: string;
  /** The message whose button was pressed. */
  readonly messageTs?: string;
};

export type Tickets = {
  /** Hands the id out anew: whatever was known under it is forgotten. */
  issueTrigger(trigger: Trigger): void;
  /** Takes the trigger for a view. Throws `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`. */
  redeemTrigger(id: unknown): Trigger;
  issueResponseUrl(url: ResponseUrl): void;
  /** One use of a response_url. Throws `no_service`, `used_url` or `expired_url`. */
  spendResponseUrl(id: string): ResponseUrl;
};

type Issued<T> = { readonly ticket: T; readonly at: number; uses: number };
const remembered = 2000;

/** Forgets the oldest, so that a stand-in that runs for weeks does not grow. */
function remember<T>(book: Map<string, Issued<T>>, id: string, issued: Issued<T>): void {
  book.delete(id);
  book.set(id, issued);
  const oldest = book.keys().next();
  if (book.size > remembered && !oldest.done) book.delete(oldest.value);
}

export function openTickets(
  clock: { now(): Date },
  triggerMs = LIMITS.triggerSeconds * 1000,
): Tickets {
  const triggers = new Map<string, Issued<Trigger>>();
  const urls = new Map<string, Issued<ResponseUrl>>();
  const now = () => clock.now().getTime();

  return {
    issueTrigger: (ticket) => remember(triggers, ticket.id, { ticket, at: now(), uses: 0 }),
    redeemTrigger(id) {
      const issued = typeof id === 'string' ? triggers.get(id) : undefined;
      if (issued === undefined) throw new SlackError('invalid_trigger_id');
      if (issued.uses > 0) throw new SlackError('exchanged_trigger_id');
      if (now() - issued.at > triggerMs) throw new SlackError('expired_trigger_id');
      issued.uses += 1;
      return issued.ticket;
    },
    issueResponseUrl: (ticket) => remember(urls, ticket.id, { ticket, at: now(), uses: 0 }),
    spendResponseUrl(id) {
      const issued = urls.get(id);
      if (issued === undefined) throw new SlackError('no_service');
      if (now() - issued.at > LIMITS.responseUrl.minutes * 60_000)
        throw new SlackError('expired_url');
      if (issued.uses >= LIMITS.responseUrl.uses) throw new SlackError('used_url');
      issued.uses += 1;
      return issued.ticket;
    },
  };
}
