/** The app's Home, as it was last published for this person. Opening it tells the app, which draws it anew. */
import { useEffect, useMemo, useState } from 'react';
import { Blocks } from './blocks/blocks.tsx';
import { SurfaceProvider } from './elements/surface.tsx';
import type { Entered } from './form-state.ts';
import { useScreen } from './screen.tsx';

export function HomeTab() {
  const { state, me, act } = useScreen();
  const [entered, setEntered] = useState<Entered>({});
  const [failure, setFailure] = useState<string | null>(null);
  const on = useMemo(() => ({ home: true as const }), []);
  const home = state.homes[me.id];

  // Opened once per look at the tab; `act` is the same for as long as the person is.
  useEffect(() => {
    let left = false;
    void act({ act: 'home' }).then((outcome) => {
      if (!left) setFailure(outcome.ok ? null : outcome.message);
    });
    return () => {
      left = true;
    };
  }, [act]);

  return (
    <div
      className="home"
      role="tabpanel"
      aria-label="Home"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to get there
      tabIndex={0}
      data-testid="slack-home"
      data-focus-home
    >
      {failure && (
        <p className="modal-failure" role="alert">
          {failure}
        </p>
      )}
      {home ? (
        <SurfaceProvider on={on} blocks={home.blocks} entered={entered} onEntered={setEntered}>
          <Blocks blocks={home.blocks} />
        </SurfaceProvider>
      ) : (
        <p className="messages-empty">
          {state.app.name} has not put anything on your Home tab yet.
        </p>
      )}
    </div>
  );
}
