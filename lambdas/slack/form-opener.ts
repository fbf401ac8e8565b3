/** Opens a form over what the person looks at, and draws an open one anew. The only questions to Slack while somebody waits. */
import { Fault } from '../../shared/ports.ts';
import type { SlackDeps } from './deps.ts';
import type { ShellRefusal } from './shell-refusal.ts';
import { outsideSilence, slackErrorOf } from './slack-error.ts';
import type { Modal } from './views/block-kit.ts';

/** Null when the form is open. */
export type FormOpener = (triggerId: string, view: Modal) => Promise<ShellRefusal | null>;
/** `conflict`: the form was drawn anew since it had this hash. `gone`: it was closed, or Slack did not take the drawing. */
export type FormUpdater = (
  which: { id: string; hash: string | null },
  view: Modal,
) => Promise<'drawn' | 'conflict' | 'gone'>;

type ViewsClient = {
  views: { open(args: { trigger_id: string; view: Modal }): Promise<unknown> };
};
type UpdateClient = {
  views: { update(args: { view_id: string; hash?: string; view: Modal }): Promise<unknown> };
};

/** A trigger serves once and for three seconds. One that was used has its form open already. */
export function formOpener(client: ViewsClient, deps: SlackDeps): FormOpener {
  return async (triggerId, view) => {
    try {
      await client.views.open({ trigger_id: triggerId, view });
      return null;
    } catch (error) {
      const code = slackErrorOf(error);
      if (code === 'exchanged_trigger_id') return null;
      if (code === 'expired_trigger_id' || code === 'invalid_trigger_id')
        return { code: 'too-slow' };
      const cause = { service: 'slack', retryable: true, cause: error } as const;
      return outsideSilence(new Fault(`views.open failed: ${code ?? 'no answer'}`, cause), deps);
    }
  };
}

export function formUpdater(client: UpdateClient, deps: SlackDeps): FormUpdater {
  return async ({ id, hash }, view) => {
    try {
      await client.views.update({ view_id: id, ...(hash === null ? {} : { hash }), view });
      return 'drawn';
    } catch (error) {
      const code = slackErrorOf(error);
      if (code === 'hash_conflict') return 'conflict';
      // Closed meanwhile: nobody looks at it any more.
      if (code !== 'not_found')
        deps.telemetry.error('A form could not be drawn anew', { why: code ?? 'no answer' });
      return 'gone';
    }
  };
}
