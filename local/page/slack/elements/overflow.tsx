/** The menu behind three dots. */
import { stringIn } from '../../../slack/json.ts';
import { choicesOf, textOf } from '../form-state.ts';
import { DotsIcon } from '../icons.tsx';
import { MenuButton } from './menu.tsx';
import { type Place, useSurface } from './surface.tsx';

export function OverflowElement(place: Place) {
  const { press } = useSurface();
  const items = choicesOf(place.element).map(({ option }) => {
    const value = stringIn(option, 'value') ?? '';
    const url = stringIn(option, 'url');
    return {
      id: value,
      label: textOf(option['text']),
      note: textOf(option['description']),
      choose: () => {
        if (url !== undefined && /^https?:\/\//i.test(url)) open(url, '_blank', 'noreferrer');
        press(place, value);
      },
    };
  });
  return (
    <MenuButton label="More" className="bk-button icon" items={items}>
      <DotsIcon />
    </MenuButton>
  );
}
