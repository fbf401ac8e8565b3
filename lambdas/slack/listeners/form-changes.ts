/**
 * Something was chosen in the form: it is drawn anew for that, and what is in the other fields stays. The drawing names the
 * view as the person saw it, so that an older change never undoes a newer one.
 */
import type { App } from '@slack/bolt';
import { searched } from '../../../shared/domain/policy/search.ts';
import { onChange, onSearch } from '../act-form.ts';
import { type Asker, askerFor } from '../asker.ts';
import type { SlackDeps } from '../deps.ts';
import { drawnForm } from '../form-drawing.ts';
import type { FormUpdater } from '../form-opener.ts';
import {
  type Beside,
  type ChangeBody,
  FormSheet,
  NOTHING_BESIDE,
  type SearchBody,
} from '../form-payloads.ts';
import { onScreen, startIn } from '../form-screen.ts';
import { type NewestChanges, newestChanges } from '../newest-changes.ts';
import { parseJsonAs } from '../payloads.ts';
import { targetGroups, targetOf } from '../views/form-options.ts';
import { LIMITS } from '../views/limits.ts';

/** Fields whose change draws the form anew. */
const CHANGES = [
  ...['target', 'role', 'duration', 'exact'],
  ...['subject', 'begins', 'from', 'until', 'glass'],
];

export function registerFormChanges(app: App, deps: SlackDeps): void {
  const newest = newestChanges();
  onChange(app, deps, {
    actionIds: [...CHANGES],
    callbackId: 'request',
    run: (body, updateForm) => changed(deps, body, { updateForm, newest }),
  });
  onSearch(app, deps, { actionId: 'target', run: (body) => found(deps, body) });
}

async function changed(
  deps: SlackDeps,
  { user, view, actions }: ChangeBody,
  by: { updateForm: FormUpdater; newest: NewestChanges },
): Promise<void> {
  const sheet = parseJsonAs(FormSheet, view.private_metadata);
  if (!sheet) return;
  const at = actions[0]?.action_ts ?? '';
  by.newest.saw(view.id, at);
  const asker = await askerFor(deps, user.id);
  // No longer in the policy: the form stays, and its submit says so.
  if (!asker.ok) return;
  const screen = onScreen(view.state.values, sheet, asker.value);
  const form = await drawnForm(deps, asker.value, { sheet, screen, notes: [] });
  const drawn = await by.updateForm({ id: view.id, hash: view.hash }, form);
  // Two quick changes saw the same view. The newer one knows what both did, so it is the one that stays.
  if (drawn === 'conflict' && by.newest.isNewest(view.id, at))
    await by.updateForm({ id: view.id, hash: null }, form);
}

/** Only what this person may ask for, from the policy at hand: nothing outside is asked at a keystroke. */
async function found(deps: SlackDeps, { user, value, view }: SearchBody) {
  const asker = await askerFor(deps, user.id);
  if (!asker.ok) return [];
  const sheet = parseJsonAs(FormSheet, view?.private_metadata);
  const entries = entriesAs(asker.value, sheet?.beside ?? NOTHING_BESIDE);
  const names = entries.map(({ entitlement }) => entitlement);
  const recent = (sheet?.recent ?? []).flatMap((each) => targetOf(each, names) ?? []);
  const asked = { typed: value, recent, most: LIMITS.select.options };
  const isBrowsing = value.trim() === '';
  return targetGroups(searched(entries, asked), { recent: isBrowsing ? recent : [] });
}

/** As the rest of the form was when it was last drawn. */
function entriesAs({ person, entriesFor }: Asker, beside: Beside) {
  const { glass, subject } = beside;
  const start = startIn(beside);
  return entriesFor({
    subject: glass || subject === null ? person : subject,
    breakGlass: glass,
    start: start === 'incomplete' ? null : start,
  });
}
