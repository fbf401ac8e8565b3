/** What the listeners work with: the write door, the codes, and the little of Slack that is needed while a person waits. */
import type { App } from '@slack/bolt';
import type { CommandDeps } from '../../shared/application/execute-command.ts';
import type { CodeDeps } from '../../shared/application/verify-code.ts';
import type { Queues } from '../../shared/ports.ts';

export type SlackDeps = CommandDeps &
  CodeDeps & {
    queues: Queues;
    slack: {
      /** The bot token; cached by whoever provides it. */
      token(): Promise<string>;
      /** `https://slack.com/api/`, or the embedded Slack's. */
      apiUrl: string;
    };
    /** Where people reach the enrolment page, without a trailing slash. */
    publicUrl: string;
  };

export type Register = (app: App, deps: SlackDeps) => void;
