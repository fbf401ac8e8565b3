/** The menu that "/" opens above the field: command, how it is used, what it is for. */
import type { Command } from '../../slack/page/contract.ts';

type Props = {
  id: string;
  commands: readonly Command[];
  active: number;
  onChoose: (command: Command) => void;
};

export function CommandList({ id, commands, active, onChoose }: Props) {
  return (
    <div
      id={`${id}-commands`}
      className="commands"
      role="listbox"
      aria-label="Commands"
      tabIndex={-1}
      data-testid="slack-commands"
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      {commands.map((command, index) => (
        <div
          key={command.command}
          id={`${id}-command-${index}`}
          role="option"
          aria-selected={index === active}
          tabIndex={-1}
          className="command"
          onClick={() => onChoose(command)}
          onKeyDown={(event) => event.key === 'Enter' && onChoose(command)}
        >
          <span className="command-name">{command.command}</span>
          <span className="command-hint">{command.usageHint}</span>
          <span className="command-note">{command.description}</span>
        </div>
      ))}
    </div>
  );
}
