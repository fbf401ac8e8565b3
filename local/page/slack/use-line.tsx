/** The line that is being written: the menu over it, what its keys do, and how it is sent. */
import { type KeyboardEvent, useState } from 'react';
import type { Command } from '../../slack/page/contract.ts';
import { useLineDraft } from './drafts.tsx';
import { useScreen } from './screen.tsx';
import { type Line, offered, readLine } from './slash-menu.ts';

type Place = { readonly conversation: string; readonly threadTs: string | undefined };

export function useLine(place: Place) {
  const { state, me } = useScreen();
  const [text, setText] = useLineDraft(`${me.id}:${place.conversation}:${place.threadTs ?? ''}`);
  const [active, setActive] = useState(0);
  const [hidden, setHidden] = useState(false);
  const menu = hidden || place.threadTs !== undefined ? [] : offered(text, state.commands);
  const at = Math.min(active, menu.length - 1);
  const { send, notice, setNotice } = useSending(place, text, setText);

  const change = (next: string) => {
    setText(next);
    setNotice(null);
    setActive(0);
    setHidden(false);
  };
  const onKeyDown = (
    event: KeyboardEvent<HTMLTextAreaElement>,
    complete: (command: Command) => void,
  ) => {
    const { key, shiftKey } = event;
    if (event.nativeEvent.isComposing) return;
    const chosen = menu[at];
    const step = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
    ]).get(key);
    if (chosen !== undefined && step !== undefined)
      setActive((at + step + menu.length) % menu.length);
    else if (chosen !== undefined && key === 'Escape') setHidden(true);
    else if (chosen !== undefined && completes(key, shiftKey, chosen.command === text))
      complete(chosen);
    else if (key === 'Enter' && !shiftKey) void send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { text, notice, menu, at, change, send, onKeyDown };
}

/** Tab always completes; Enter too, unless the whole command stands there already. */
const completes = (key: string, shiftKey: boolean, exact: boolean): boolean =>
  !shiftKey && (key === 'Tab' || (key === 'Enter' && !exact));

/** What failed to be sent stays in the field; a command leaves it at once, as in Slack: its outcome is a message. */
function useSending(place: Place, text: string, setText: (text: string) => void) {
  const { state, act } = useScreen();
  const [notice, setNotice] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const send = async () => {
    const line = readLine(text, state.commands);
    if (text.trim() === '' || sending) return;
    const wrong = refusal(line, place);
    setNotice(wrong);
    if (wrong !== null) return;
    setSending(true);
    if (line.kind === 'command') setText('');
    const { conversation: channel, threadTs } = place;
    const outcome =
      line.kind === 'command'
        ? await act({ act: 'slash', channel, command: line.command, text: line.text })
        : await act({ act: 'say', channel, text, ...(threadTs === undefined ? {} : { threadTs }) });
    setSending(false);
    const lost = !outcome.ok && (line.kind === 'words' || outcome.error === 'unreachable');
    setText(lost ? text : '');
    if (lost) setNotice(outcome.message);
  };
  return { send, notice, setNotice };
}

function refusal(line: Line, { threadTs }: Place): string | null {
  if (line.kind === 'words') return null;
  if (threadTs !== undefined)
    return 'Commands do not work in threads. Use the shortcut in the message’s menu.';
  if (line.kind === 'unknown')
    return `${line.command} is not a valid command. Lines that begin with “/” are commands.`;
  return null;
}
