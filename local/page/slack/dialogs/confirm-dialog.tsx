/** The question that an element asks before it is pressed. Names the verb; Escape is no. */
import { useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { isObject } from '../../../slack/json.ts';
import { textOf } from '../form-state.ts';
import { TextObject } from '../words/words.tsx';
import { useOverlay } from './overlay-root.tsx';
import { keepInside, useFirstFocus, useReturnFocus } from './use-focus.tsx';

type Props = { confirm: unknown; onAnswer: (yes: boolean) => void };

export function ConfirmDialog({ confirm, onAnswer }: Props) {
  const id = useId();
  const root = useOverlay();
  const dialog = useRef<HTMLDivElement>(null);
  useReturnFocus();
  useFirstFocus(dialog);
  if (!isObject(confirm) || root === null) return null;
  const danger = confirm['style'] === 'danger';
  return createPortal(
    <div className="overlay overlay-confirm">
      <div
        ref={dialog}
        role="alertdialog"
        aria-modal="true"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-text`}
        className="dialog dialog-small"
        data-testid="slack-confirm"
        tabIndex={-1}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') onAnswer(false);
          keepInside(event);
        }}
      >
        <h2 id={`${id}-title`} className="dialog-title">
          {textOf(confirm['title'])}
        </h2>
        <div id={`${id}-text`} className="dialog-text">
          <TextObject text={confirm['text']} />
        </div>
        <div className="dialog-actions">
          <button
            type="button"
            className="bk-button"
            onClick={() => onAnswer(false)}
            data-focus-first
          >
            {textOf(confirm['deny']) || 'Cancel'}
          </button>
          <button
            type="button"
            className={`bk-button ${danger ? 'danger' : 'primary'}`}
            onClick={() => onAnswer(true)}
          >
            {textOf(confirm['confirm']) || 'Yes'}
          </button>
        </div>
      </div>
    </div>,
    root,
  );
}
