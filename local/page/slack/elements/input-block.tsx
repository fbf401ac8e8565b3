/** A field of a form with its label, hint and error. */
import { useId } from 'react';
import { type JsonObject, objectIn, stringIn } from '../../../slack/json.ts';
import type { Block, Given } from '../../../slack/page/contract.ts';
import { textOf } from '../form-state.ts';
import { AnySelect } from './element.tsx';
import { useSurface } from './surface.tsx';
import { Ticks } from './ticks.tsx';
import { isTyped, TypedField } from './typed.tsx';

type Props = { block: Block; error: string | undefined };

export function InputBlock({ block, error }: Props) {
  const id = useId();
  const element = objectIn(block, 'element');
  if (element === undefined) return null;
  const optional = block['optional'] === true;
  const hint = textOf(block['hint']);
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const names = {
    id: `${id}-field`,
    'aria-describedby': described || undefined,
    'aria-invalid': error !== undefined,
    'data-focus-on-load': element['focus_on_load'] === true || undefined,
    'data-action-id': stringIn(element, 'action_id'),
  };
  const label = (
    <>
      {textOf(block['label'])}
      {optional && <span className="input-optional"> (optional)</span>}
    </>
  );
  const notes = (
    <>
      {error && (
        <p id={`${id}-error`} className="input-error">
          <span aria-hidden="true">⚠ </span>
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="input-hint">
          {hint}
        </p>
      )}
    </>
  );
  const of = { block, element, optional, names };
  if (isTicks(element))
    return (
      <fieldset
        className="input-block"
        aria-describedby={described || undefined}
        data-block-id={block['block_id']}
      >
        <legend className="input-label">{label}</legend>
        <Field {...of} />
        {notes}
      </fieldset>
    );
  return (
    <div className="input-block" data-block-id={block['block_id']}>
      <label className="input-label" htmlFor={names.id}>
        {label}
      </label>
      <Field {...of} />
      {notes}
    </div>
  );
}

const isTicks = (element: JsonObject): boolean =>
  element['type'] === 'radio_buttons' || element['type'] === 'checkboxes';

type FieldProps = {
  block: Block;
  element: JsonObject;
  optional: boolean;
  names: Parameters<typeof TypedField>[0]['names'];
};

function Field({ block, element, optional, names }: FieldProps) {
  const { press } = useSurface();
  const place = { block, element };
  const dispatches = block['dispatch_action'] === true;
  const onChosen = dispatches ? (value: Given) => press(place, value) : undefined;
  if (isTicks(element)) return <Ticks {...place} onChosen={onChosen} />;
  if (isTyped(stringIn(element, 'type') ?? ''))
    return <TypedField {...place} names={names} dispatches={dispatches} />;
  return <AnySelect {...place} names={names} optional={optional} onChosen={onChosen} />;
}
