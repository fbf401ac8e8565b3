/** A button of the app. One that opens a page is a link as well; the app is told of the click either way. */
import { type JsonObject, stringIn } from '../../../slack/json.ts';
import { fieldId, textOf } from '../form-state.ts';
import { withEmoji } from '../words/mrkdwn.ts';
import { type Place, useSurface } from './surface.tsx';

export function ButtonElement(place: Place) {
  const { press, busy } = useSurface();
  const { block, element } = place;
  const label = withEmoji(textOf(element['text']));
  const look = `bk-button ${stringIn(element, 'style') ?? ''}`;
  const named = stringIn(element, 'accessibility_label');
  const common = {
    ...(named === undefined ? {} : { 'aria-label': named }),
    'data-action-id': stringIn(element, 'action_id'),
  };
  const url = webAddress(element);
  if (url !== null)
    return (
      <a
        {...common}
        className={look}
        href={url}
        target="_blank"
        rel="noreferrer"
        onClick={() => press(place)}
      >
        {label}
      </a>
    );
  const waits = busy === fieldId(block, element);
  return (
    <button
      {...common}
      type="button"
      className={look}
      aria-disabled={waits}
      data-busy={waits}
      onClick={() => waits || press(place)}
    >
      {label}
    </button>
  );
}

function webAddress(element: JsonObject): string | null {
  const url = stringIn(element, 'url') ?? '';
  return /^https?:\/\//i.test(url) ? url : null;
}
