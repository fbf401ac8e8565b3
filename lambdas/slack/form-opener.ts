/** Opens a form over what the person looks at. The only question to Slack while somebody waits. */
import { Fault } from '../../shared/ports.ts';
import type { SlackDeps } from './deps.ts';
import type { ShellRefusal } from './shell-refusal.ts';
import { outsideSilence, slackErrorOf } from './slack-error.ts';
import type { Modal } from './views/block-kit.ts';

/** Null when the form is open. */
export type FormOpener = (triggerId: string, view: Modal) => Promise<ShellRefusal | null>;

type ViewsClient = {
  views: { open(args: { trigger_id: string; view: Modal }): Promise<unknown> };
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
