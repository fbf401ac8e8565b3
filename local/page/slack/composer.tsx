/**
 * Where one writes. "/" opens the app's commands from the manifest; arrows choose, Tab or Enter completes, and while the
 * arguments are typed the usage stays in sight. Enter sends, Shift+Enter begins a new line. What failed to be sent stays.
 */
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { Command } from '../../slack/page/contract.ts';
import { CommandList } from './command-list.tsx';
import { MenuButton } from './elements/menu.tsx';
import { BoltIcon, SendIcon } from './icons.tsx';
import { useScreen } from './screen.tsx';
import { inProgress, offered, readLine } from './slash-menu.ts';

type Props = {
  conversation: string;
  label: string;
  /** The message whose thread this is. */
  threadTs?: string;
};

export function Composer({ conversation, label, threadTs }: Props) {
  const { state, act } = useScreen();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const [notice, setNotice] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [active, setActive] = useState(0);
  const [hidden, setHidden] = useState(false);
  const menu = hidden || threadTs !== undefined ? [] : offered(text, state.commands);
  const usage = inProgress(text, state.commands);
  const at = Math.min(active, menu.length - 1);

  const change = (next: string) => {
    setText(next);
    setNotice(null);
    setActive(0);
    setHidden(false);
  };
  const complete = ({ command }: Command) => {
    change(`${command} `);
    field.current?.focus();
  };
  const send = async () => {
    const line = readLine(text, state.commands);
    if (text.trim() === '' || sending) return;
    if (threadTs !== undefined && line.kind !== 'words')
      return setNotice('Commands do not work in threads. Use the shortcut in the message’s menu.');
    if (line.kind === 'unknown')
      return setNotice(
        `${line.command} is not a valid command. Lines that begin with “/” are commands.`,
      );
    setSending(true);
    const place = { channel: conversation };
    const thread = threadTs === undefined ? {} : { threadTs };
    // A command leaves the field at once, as in Slack; its outcome is a message.
    if (line.kind === 'command') setText('');
    const outcome =
      line.kind === 'command'
        ? await act({ act: 'slash', ...place, command: line.command, text: line.text })
        : await act({ act: 'say', ...place, ...thread, text });
    setSending(false);
    if (outcome.ok) {
      if (line.kind === 'words') setText('');
      return;
    }
    if (line.kind === 'command' && outcome.error === 'unreachable') setText(text);
    if (line.kind === 'words' || outcome.error === 'unreachable') setNotice(outcome.message);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const chosen = menu[at];
    const exact = chosen !== undefined && chosen.command === text;
    if (chosen !== undefined && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at + step + menu.length) % menu.length);
    } else if (chosen !== undefined && event.key === 'Escape') {
      event.preventDefault();
      setHidden(true);
    } else if (chosen !== undefined && isCompletion(event, exact)) {
      event.preventDefault();
      complete(chosen);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };
  return (
    <div className="composer-frame">
      {notice && (
        <p className="composer-notice" role="alert">
          {notice}
        </p>
      )}
      {menu.length > 0 && <CommandList id={id} commands={menu} active={at} onChoose={complete} />}
      {usage && menu.length === 0 && (
        <p className="composer-usage" id={`${id}-usage`}>
          <code>{usage.command}</code> {usage.usageHint}
        </p>
      )}
      <div className="composer">
        {threadTs === undefined && <Shortcuts onCommand={complete} />}
        <textarea
          ref={field}
          className="composer-field"
          rows={1}
          value={text}
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={menu.length > 0 ? `${id}-commands` : undefined}
          aria-activedescendant={menu.length > 0 ? `${id}-command-${at}` : undefined}
          aria-describedby={usage ? `${id}-usage` : undefined}
          placeholder={threadTs === undefined ? `${label}, or type / for commands` : 'Reply…'}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          data-testid={threadTs === undefined ? 'slack-composer' : 'slack-thread-composer'}
        />
        <button
          type="button"
          className="composer-send"
          aria-label="Send"
          title="Send"
          disabled={text.trim() === ''}
          onClick={() => void send()}
        >
          <SendIcon />
        </button>
      </div>
    </div>
  );
}

/** Tab always completes; Enter too, unless the whole command stands there already. */
const isCompletion = (event: KeyboardEvent, exact: boolean): boolean =>
  (event.key === 'Tab' && !event.shiftKey) || (event.key === 'Enter' && !event.shiftKey && !exact);

function Shortcuts({ onCommand }: { onCommand: (command: Command) => void }) {
  const { state, act, tell } = useScreen();
  const global = state.shortcuts
    .filter(({ type }) => type === 'global')
    .map(({ callbackId, name, description }) => ({
      id: callbackId,
      label: name,
      note: description,
      choose: () =>
        void act({ act: 'shortcut', callbackId }).then((outcome) => {
          if (!outcome.ok) tell(outcome.message);
        }),
    }));
  const commands = state.commands.map((command) => ({
    id: command.command,
    label: command.command,
    note: command.description,
    choose: () => onCommand(command),
  }));
  return (
    <MenuButton
      label="Shortcuts"
      className="composer-shortcuts"
      items={[...global, ...commands]}
      testId="slack-shortcuts"
    >
      <BoltIcon />
    </MenuButton>
  );
}
