/** Ending access early: by the button, after a dialog that names the deed, or by `/access end`. Easy on purpose. */
import type { App } from '@slack/bolt';
import type { SlackDeps } from '../deps.ts';
import { deed, onPress } from './one-press.ts';

export const endGrant = deed((about) => ({ type: 'EndGrant', ...about, reason: null }));

export function registerEndGrant(app: App, deps: SlackDeps): void {
  onPress(app, deps, { actionId: 'end', run: endGrant });
}
