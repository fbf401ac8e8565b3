/** An interactive element beside a text or in a row: pressing or choosing tells the app at once. */
import { stringIn } from '../../../slack/json.ts';
import { textOf } from '../form-state.ts';
import { ButtonElement } from './button.tsx';
import { OverflowElement } from './overflow.tsx';
import { DirectorySelect, ExternalSelect, StaticSelect } from './select.tsx';
import { type Place, useSurface } from './surface.tsx';
import { Ticks } from './ticks.tsx';
import { isTyped, TypedField } from './typed.tsx';

export function ActionElement(place: Place) {
  const { press } = useSurface();
  const { element } = place;
  const type = stringIn(element, 'type') ?? '';
  const placeholder = textOf(element['placeholder']);
  const names = {
    'aria-label': placeholder || type.replaceAll('_', ' '),
    'data-action-id': stringIn(element, 'action_id'),
  };
  if (type === 'button') return <ButtonElement {...place} />;
  if (type === 'overflow') return <OverflowElement {...place} />;
  if (type === 'radio_buttons' || type === 'checkboxes')
    return <Ticks {...place} onChosen={(value) => press(place, value)} />;
  if (isTyped(type)) return <TypedField {...place} names={names} dispatches />;
  return <AnySelect {...place} names={names} onChosen={(value) => press(place, value)} />;
}

export function AnySelect(props: Parameters<typeof StaticSelect>[0]) {
  const type = stringIn(props.element, 'type');
  if (type === 'external_select') return <ExternalSelect {...props} />;
  if (type === 'static_select') return <StaticSelect {...props} />;
  if (type === 'users_select' || type === 'channels_select' || type === 'conversations_select')
    return <DirectorySelect {...props} />;
  return <p className="unsupported">This page cannot show the element “{type}”.</p>;
}
