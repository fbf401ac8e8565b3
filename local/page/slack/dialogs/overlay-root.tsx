/** The layer over the Slack pane in which dialogs stand; the rest of the page, with its codes and clock, stays in reach. */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

type Layer = {
  readonly root: HTMLElement | null;
  readonly setRoot: (root: HTMLElement | null) => void;
};
const LayerContext = createContext<Layer>({ root: null, setRoot: () => undefined });

export function OverlayProvider({ children }: { children: ReactNode }) {
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const layer = useMemo(() => ({ root, setRoot }), [root]);
  return <LayerContext value={layer}>{children}</LayerContext>;
}

export function OverlayRoot() {
  const { setRoot } = useContext(LayerContext);
  return <div ref={setRoot} />;
}

/** Null until the layer is in the document: a dialog may be open before it, when the page is loaded anew. */
export const useOverlay = (): HTMLElement | null => useContext(LayerContext).root;
