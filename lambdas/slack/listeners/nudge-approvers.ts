/** Reminding the approvers who have not answered, seldom: by the button of the receipt or by `/access nudge`. */
import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { deed, onPress } from './one-press.ts';

export const nudge = deed((about) => ({ type: 'NudgeApprovers', ...about }));

export function registerNudgeApprovers(app: App, deps: SlackDeps): void {
  onPress(app, deps, { actionId: 'nudge', run: nudge });
}
