/** Withdrawing: whoever asked takes the ask back, by the button of the receipt or by `/access withdraw`. */
import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { deed, onPress } from './one-press.ts';

export const withdraw = deed((about) => ({ type: 'WithdrawRequest', ...about }));

export function registerWithdrawRequest(app: App, deps: SlackDeps): void {
  onPress(app, deps, { actionId: 'withdraw', run: withdraw });
}
