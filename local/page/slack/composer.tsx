/**
 * Where one writes. "/" opens the app's commands from the manifest; arrows choose, Tab or Enter completes, and while the
 * arguments are typed the usage stays in sight. Enter sends, Shift+Enter begins a new line. What failed to be sent stays.
 */
import { useId, useRef } from 'react';
import type { Command } from '../../slack/page/contract.ts';
import { CommandList } from './command-list.tsx';
import { MenuButton } from './elements/menu.tsx';
import { BoltIcon, SendIcon } from './icons.tsx';
import { useScreen } from './screen.tsx';
import { inProgress } from './slash-menu.ts';
import { useLine } from './use-line.tsx';

type Props = {
  conversation: string;
  label: string;
  /** The message whose thread this is. */
  threadTs?: string;
};

export function Composer({ conversation, label, threadTs }: Props) {
  const { state } = useScreen();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const line = useLine({ conversation, threadTs });
  const { text, menu, at } = line;
  const usage = inProgress(text, state.commands);
  const complete = (command: Command) => {
    line.change(`${command.command} `);
    field.current?.focus();
  };
  const inThread = threadTs !== undefined;
  return (
    <div className="composer-frame">
      {line.notice && (
        <p className="composer-notice" role="alert">
          {line.notice}
        </p>
      )}
      {menu.length > 0 && <CommandList id={id} commands={menu} active={at} onChoose={complete} />}
      {usage && !inThread && (
        <p className="composer-usage" id={`${id}-usage`}>
          <code>{usage.command}</code> {usage.usageHint}
        </p>
      )}
      <div className="composer">
        {!inThread && <Shortcuts onCommand={complete} />}
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
          placeholder={inThread ? 'Reply…' : `${label}, or type / for commands`}
          onChange={(event) => line.change(event.target.value)}
          onKeyDown={(event) => line.onKeyDown(event, complete)}
          data-testid={inThread ? 'slack-thread-composer' : 'slack-composer'}
        />
        <button
          type="button"
          className="composer-send"
          aria-label="Send"
          title="Send"
          disabled={text.trim() === ''}
          onClick={() => void line.send()}
        >
          <SendIcon />
        </button>
      </div>
    </div>
  );
}

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
