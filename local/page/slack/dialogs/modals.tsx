/**
 * The stack of modals on this person's screen: the top one is shown, those below keep what was typed. Errors stand at
 * their fields; an app that does not answer leaves the form as it is. Escape and Cancel take the top one away.
 */

import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Modal as Shown } from '../../../slack/page/contract.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { useFormDraft } from '../drafts.tsx';
import { SurfaceProvider } from '../elements/surface.tsx';
import { type Entered, typedOf } from '../form-state.ts';
import { BackIcon, CrossIcon } from '../icons.tsx';
import { useScreen } from '../screen.tsx';
import { useOverlay } from './overlay-root.tsx';
import { keepInside, useFirstFocus, useReturnFocus } from './use-focus.tsx';

export function Modals() {
  const { state, me } = useScreen();
  const stack = state.modals.filter(({ user }) => user === me.id);
  const root = useOverlay();
  if (stack.length === 0 || root === null) return null;
  return createPortal(
    <div className="overlay" data-testid="slack-modals">
      {stack.map((modal, depth) => (
        <Modal key={modal.view.id} modal={modal} depth={depth} isTop={depth === stack.length - 1} />
      ))}
    </div>,
    root,
  );
}

type Props = { modal: Shown; depth: number; isTop: boolean };

function Modal({ modal, depth, isTop }: Props) {
  const { view } = modal;
  const { act, tell, state } = useScreen();
  const id = useId();
  const dialog = useRef<HTMLDivElement>(null);
  const [entered, setEntered] = useFormDraft(view.id);
  const form = useSubmission(modal, entered);
  useReturnFocus();
  useFirstFocus(dialog, `${view.hash}${isTop}`);
  useErrorFocus(dialog, form.errors);
  const on = useMemo(() => ({ viewId: view.id }), [view.id]);

  const close = async (all: boolean) => {
    const outcome = await act({ act: 'close', viewId: view.id, all: all || view.clearOnClose });
    if (!outcome.ok && outcome.error !== 'not_there') tell(outcome.message);
  };
  return (
    <div
      ref={dialog}
      hidden={!isTop}
      role="dialog"
      aria-modal="true"
      aria-labelledby={`${id}-title`}
      aria-busy={form.sending}
      className="dialog"
      data-testid="slack-modal"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') void close(false);
        keepInside(event);
      }}
    >
      <header className="dialog-head">
        {depth > 0 && (
          <button
            type="button"
            className="dialog-x"
            aria-label="Back"
            onClick={() => void close(false)}
          >
            <BackIcon />
          </button>
        )}
        <h2 id={`${id}-title`} className="dialog-title">
          {view.title}
        </h2>
        <span className="dialog-app">{state.app.name}</span>
        <button
          type="button"
          className="dialog-x"
          aria-label="Close"
          onClick={() => void close(true)}
        >
          <CrossIcon />
        </button>
      </header>
      <form className="dialog-form" noValidate onSubmit={form.submit}>
        <div className="dialog-body">
          {form.failure && (
            <p className="modal-failure" role="alert">
              {form.failure}
            </p>
          )}
          <SurfaceProvider on={on} blocks={view.blocks} entered={entered} onEntered={setEntered}>
            <Blocks blocks={view.blocks} errors={form.errors} />
          </SurfaceProvider>
        </div>
        <footer className="dialog-actions">
          <button
            type="button"
            className="bk-button"
            onClick={() => void close(false)}
            data-focus-first
          >
            {view.close ?? 'Close'}
          </button>
          {view.submit !== null && (
            <button
              type="submit"
              className="bk-button primary"
              aria-disabled={form.sending}
              data-busy={form.sending}
            >
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </div>
  );
}

type Errors = { readonly [blockId: string]: string };

/** Sends the form once at a time; the app's errors and those of Slack's own client are shown alike. */
function useSubmission({ view, errors: fromApp }: Shown, entered: Entered) {
  const { act } = useScreen();
  const [own, setOwn] = useState<Errors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const errors = useMemo(() => ({ ...fromApp, ...own }), [fromApp, own]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (sending || view.submit === null) return;
    setSending(true);
    setFailure(null);
    const values = typedOf(view.blocks, entered);
    const outcome = await act({ act: 'submit', viewId: view.id, values });
    setSending(false);
    setOwn(outcome.ok ? {} : outcome.errors);
    if (!outcome.ok && Object.keys(outcome.errors).length === 0)
      setFailure(`We had some trouble connecting. ${outcome.message}`);
  };
  return { errors, failure, sending, submit };
}

/** The first field that is wrong takes the focus when errors come. */
function useErrorFocus(dialog: { current: HTMLElement | null }, errors: Errors): void {
  const wrong = Object.keys(errors).join(' ');
  useEffect(() => {
    if (wrong !== '') dialog.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [dialog, wrong]);
}
