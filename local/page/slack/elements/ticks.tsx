/** Radio buttons and check boxes. */
import { stringIn } from '../../../slack/json.ts';
import type { Given } from '../../../slack/page/contract.ts';
import { choicesOf, chosenOption, fieldId, tickedValues } from '../form-state.ts';
import { TextObject } from '../words/words.tsx';
import { type Place, useSurface } from './surface.tsx';

type Props = Place & { readonly onChosen?: ((value: Given) => void) | undefined };

export function Ticks({ block, element, onChosen }: Props) {
  const { entered, enter, on } = useSurface();
  const field = fieldId(block, element);
  const many = element['type'] === 'checkboxes';
  const ticked = many
    ? tickedValues(element, entered[field])
    : [stringIn(chosenOption(element, entered[field]), 'value')];
  const tick = (value: string, set: boolean) => {
    const next: Given = many
      ? [
          ...tickedValues(element, entered[field]).filter((one) => one !== value),
          ...(set ? [value] : []),
        ]
      : value;
    enter(field, next);
    onChosen?.(next);
  };
  return (
    <div className="ticks">
      {choicesOf(element).map(({ option }) => {
        const value = stringIn(option, 'value') ?? '';
        return (
          <label key={value} className="tick">
            <input
              type={many ? 'checkbox' : 'radio'}
              name={`${JSON.stringify(on)}${field}`}
              checked={ticked.includes(value)}
              onChange={(event) => tick(value, event.target.checked)}
            />
            <span>
              <TextObject text={option['text']} />
              {option['description'] !== undefined && (
                <span className="tick-note">
                  <TextObject text={option['description']} />
                </span>
              )}
            </span>
          </label>
        );
      })}
    </div>
  );
}
