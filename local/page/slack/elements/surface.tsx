/**
 * Where elements stand: a message, a modal, the Home tab. Holds what was entered and does what is pressed there: asks
 * for confirmation first where the app wants it, and one press at a time.
 */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from 'react';
import { isObject, type JsonObject, stringIn } from '../../../slack/json.ts';
import type { Block, Given, On } from '../../../slack/page/contract.ts';
import { ConfirmDialog } from '../dialogs/confirm-dialog.tsx';
import { type Entered, fieldId, typedOf } from '../form-state.ts';
import { useScreen } from '../screen.tsx';

export type Place = { readonly block: JsonObject; readonly element: JsonObject };

export type Surface = {
  readonly on: On;
  readonly entered: Entered;
  /** The field whose press is on its way. */
  readonly busy: string | null;
  enter(field: string, value: Given): void;
  /** Sends the press to the app, after the element's own confirmation. A given value is entered too. */
  press(place: Place, value?: Given): void;
};

const SurfaceContext = createContext<Surface | null>(null);

export function useSurface(): Surface {
  const surface = useContext(SurfaceContext);
  if (surface === null) throw new Error('This element stands on no surface.');
  return surface;
}

type Waiting = { readonly place: Place; readonly value: Given | undefined };
type Props = {
  on: On;
  blocks: readonly Block[];
  entered: Entered;
  onEntered: (change: (before: Entered) => Entered) => void;
  children: ReactNode;
};

export function SurfaceProvider({ on, blocks, entered, onEntered, children }: Props) {
  const { act, tell } = useScreen();
  const [busy, setBusy] = useState<string | null>(null);
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  // What stands in the fields when the press is sent, not when the element was drawn.
  const latest = useRef({ blocks, entered });
  latest.current = { blocks, entered };

  const send = useCallback(
    async ({ place: { block, element }, value }: Waiting) => {
      setBusy(fieldId(block, element));
      const outcome = await act({
        act: 'press',
        on,
        blockId: stringIn(block, 'block_id') ?? '',
        actionId: stringIn(element, 'action_id') ?? '',
        typed: typedOf(latest.current.blocks, latest.current.entered),
        ...(value === undefined ? {} : { value }),
      });
      setBusy(null);
      if (!outcome.ok) tell(outcome.message);
    },
    [act, on, tell],
  );
  const surface = useMemo<Surface>(() => {
    const enter = (field: string, value: Given) =>
      onEntered((before) => ({ ...before, [field]: value }));
    const press = (place: Place, value?: Given) => {
      if (isObject(place.element['confirm'])) setWaiting({ place, value });
      else void send({ place, value });
    };
    return { on, entered, busy, enter, press };
  }, [on, entered, busy, onEntered, send]);

  const answer = (yes: boolean) => {
    setWaiting(null);
    if (yes && waiting !== null) void send(waiting);
  };
  return (
    <SurfaceContext value={surface}>
      {children}
      {waiting && <ConfirmDialog confirm={waiting.place.element['confirm']} onAnswer={answer} />}
    </SurfaceContext>
  );
}
