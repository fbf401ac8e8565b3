/** Judges a whole view (modal or Home) as `views.*` does, and stricter. Never throws. */
import { LIMITS } from '../../../lambdas/slack/views/limits.ts';
import { isObject, objectsIn } from '../json.ts';
import { checkBlocks } from './blocks.ts';
import {
  checkFields,
  checkString,
  checkText,
  complain,
  inside,
  type Place,
  type Problem,
} from './problems.ts';

const shared = ['type', 'blocks', 'private_metadata', 'callback_id', 'external_id'];
const modalOnly = ['title', 'submit', 'close', 'clear_on_close', 'notify_on_close'];

function checkModal(place: Place, view: { [key: string]: unknown }): void {
  const { title, submit, close } = LIMITS.view;
  const only = 'plain_text' as const;
  checkText(inside(place, 'title'), view['title'], { max: title, only });
  checkText(inside(place, 'submit'), view['submit'], { max: submit, only, optional: true });
  checkText(inside(place, 'close'), view['close'], { max: close, only, optional: true });
  const asks = objectsIn(view, 'blocks').some((block) => block['type'] === 'input');
  if (asks && view['submit'] === undefined)
    complain(inside(place, 'submit'), 'missing_field', 'a modal with input blocks needs submit');
  checkString(inside(place, 'callback_id'), view['callback_id'], { max: LIMITS.view.callbackId });
}

/** `type` is what the method expects: `views.publish` takes a home, every other one a modal. */
export function problemsOfView(view: unknown, type: 'modal' | 'home'): Problem[] {
  const found: Problem[] = [];
  const place: Place = { found, pointer: '/view', surface: type };
  if (!isObject(view)) {
    complain(place, 'invalid_type', 'must provide an object');
    return found;
  }
  if (view['type'] !== type)
    complain(inside(place, 'type'), 'invalid_type', `must be ${type}, got ${view['type']}`);
  checkFields(place, view, type === 'modal' ? [...shared, ...modalOnly] : shared);
  const { privateMetadata, callbackId, externalId } = LIMITS.view;
  const metadata = view['private_metadata'];
  if (metadata !== '')
    checkString(inside(place, 'private_metadata'), metadata, {
      max: privateMetadata,
      optional: true,
    });
  const callback = { max: callbackId, optional: true };
  checkString(inside(place, 'callback_id'), view['callback_id'], callback);
  const external = { max: externalId, optional: true };
  checkString(inside(place, 'external_id'), view['external_id'], external);
  if (type === 'modal') checkModal(place, view);
  checkBlocks(inside(place, 'blocks'), view['blocks']);
  return found;
}

export const viewTooLarge = (view: unknown): boolean =>
  Buffer.byteLength(JSON.stringify(view) ?? '') > LIMITS.view.bytes;
