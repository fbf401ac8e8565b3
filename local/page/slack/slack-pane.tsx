/**
 * The people at their Slack. Everything a person does here becomes the signed request that Slack would send; nothing is
 * short-cut. How to drive it from outside (names are stable): `persona-U0ANA` switches; `channel-access`, `app-hallpass`,
 * `tab-home`, `tab-messages` open places; `slack-composer` takes words and commands (`slack-commands` is the "/" menu,
 * `slack-shortcuts` the ⚡ menu); `slack-messages` holds `slack-message`s with `data-ts`, `slack-message-menu` and
 * `slack-replies`; `slack-thread` with `slack-thread-composer`; `slack-modal`, `slack-confirm`, `slack-home`, `slack-toast`.
 * Elements of the app carry `data-action-id`, form fields stand in `data-block-id`; buttons go by their words.
 */

import { useCallback, useEffect, useState } from 'react';
import { CrossIcon } from './icons.tsx';
import './styles/frame.css';
import './styles/messages.css';
import './styles/blocks.css';
import './styles/elements.css';
import { Announcer } from './announcer.tsx';
import { Conversation, type Tab } from './conversation.tsx';
import { Modals } from './dialogs/modals.tsx';
import { OverlayProvider, OverlayRoot } from './dialogs/overlay-root.tsx';
import { DraftsProvider } from './drafts.tsx';
import { PersonaBar } from './persona-bar.tsx';
import { ScreenProvider } from './screen.tsx';
import { Sidebar } from './sidebar.tsx';
import { useMarks } from './use-marks.tsx';
import { useWorkspace } from './use-workspace.tsx';
import { directId } from './view-model.ts';

export type SlackPaneProps = {
  /** Slack id of the person whose screen is shown. */
  persona: string;
  onPersona: (slack: string) => void;
  /** The local clock, which can be pushed. */
  now: Date;
};

const TOAST_MS = 10_000;
/** Where the browser remembers somebody who is not here. */
const FIRST_PERSON = 'U0ANA';

/** Where each person left off. */
type Place = { readonly conversation: string; readonly tab: Tab; readonly thread: string | null };
const START: Place = { conversation: 'C0ACCESS', tab: 'messages', thread: null };

export function SlackPane({ persona, onPersona, now }: SlackPaneProps) {
  const { state, act } = useWorkspace();
  const [places, setPlaces] = useState<{ readonly [person: string]: Place }>({});
  const [toast, setToast] = useState<{ text: string; at: number } | null>(null);
  const place = places[persona] ?? START;
  const move = useCallback(
    (change: Partial<Place>) =>
      setPlaces((before) => ({
        ...before,
        [persona]: { ...(before[persona] ?? START), ...change },
      })),
    [persona],
  );
  const go = useCallback((conversation: string) => move({ conversation, thread: null }), [move]);
  const tell = useCallback((text: string) => setToast({ text, at: Date.now() }), []);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), TOAST_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const onHome = place.conversation === directId(persona) && place.tab === 'home';
  const marks = useMarks(
    state,
    onHome ? null : { person: persona, conversation: place.conversation },
  );
  const me = state?.people.find(({ id }) => id === persona);
  const nobody = state !== null && me === undefined;
  useEffect(() => {
    if (nobody) onPersona(FIRST_PERSON);
  }, [nobody, onPersona]);

  return (
    <div className="slack" data-testid="slack-pane">
      {state && me ? (
        <DraftsProvider>
          <OverlayProvider>
            <ScreenProvider {...{ state, me, now, act, tell, go }}>
              <PersonaBar {...{ state, persona, onPersona }} marksOf={marks.of} />
              <div className="slack-stage">
                <div
                  className="slack-main"
                  inert={state.modals.some(({ user }) => user === persona)}
                >
                  <Sidebar selected={place.conversation} marks={marks.of(persona)} />
                  <Conversation
                    id={place.conversation}
                    tab={place.tab}
                    onTab={(tab) => move({ tab, thread: null })}
                    thread={place.thread}
                    onThread={(thread) => move({ thread })}
                  />
                </div>
                <OverlayRoot />
              </div>
              <Modals key={persona} />
              <Announcer key={`announce-${persona}`} />
            </ScreenProvider>
          </OverlayProvider>
        </DraftsProvider>
      ) : (
        <p className="slack-loading" role="status">
          Opening Slack…
        </p>
      )}
      {toast && (
        <div className="slack-toast" role="alert" key={toast.at} data-testid="slack-toast">
          <span>{toast.text}</span>
          <button
            type="button"
            className="dialog-x"
            aria-label="Dismiss"
            onClick={() => setToast(null)}
          >
            <CrossIcon />
          </button>
        </div>
      )}
    </div>
  );
}
