/** What somebody began to write and did not send yet: kept while another conversation, or another person, is on the screen. */
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { Entered } from './form-state.ts';

type Drafts = { readonly lines: Map<string, string>; readonly forms: Map<string, Entered> };
const DraftsContext = createContext<Drafts | null>(null);

export function DraftsProvider({ children }: { children: ReactNode }) {
  const [drafts] = useState<Drafts>(() => ({ lines: new Map(), forms: new Map() }));
  return <DraftsContext value={drafts}>{children}</DraftsContext>;
}

function useDrafts(): Drafts {
  const drafts = useContext(DraftsContext);
  if (drafts === null) throw new Error('Nothing keeps drafts here.');
  return drafts;
}

/** By person and place. */
export function useLineDraft(key: string): [string, (text: string) => void] {
  const { lines } = useDrafts();
  const [text, setText] = useState(() => lines.get(key) ?? '');
  const write = useCallback(
    (next: string) => {
      if (next === '') lines.delete(key);
      else lines.set(key, next);
      setText(next);
    },
    [lines, key],
  );
  return [text, write];
}

/** By view. */
export function useFormDraft(
  viewId: string,
): [Entered, (change: (before: Entered) => Entered) => void] {
  const { forms } = useDrafts();
  const [entered, setEntered] = useState<Entered>(() => forms.get(viewId) ?? {});
  const write = useCallback(
    (change: (before: Entered) => Entered) =>
      setEntered((before) => {
        const after = change(before);
        forms.set(viewId, after);
        return after;
      }),
    [forms, viewId],
  );
  return [entered, write];
}
