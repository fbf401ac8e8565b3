import type { JsonObject } from './json.ts';

/** A Web API call that Slack refuses; becomes `{ ok: false, error, ...detail }`, never an HTTP error. */
export class SlackError extends Error {
  readonly code: string;
  readonly detail: JsonObject;

  constructor(code: string, detail: JsonObject = {}) {
    super(`Slack refuses: ${code} ${JSON.stringify(detail)}`);
    this.name = 'SlackError';
    this.code = code;
    this.detail = detail;
  }
}

/** `invalid_arguments` and its kin, with the messages where Slack puts them. */
export function badArguments(code: string, messages: readonly string[]): SlackError {
  return new SlackError(code, {
    response_metadata: { messages: messages.map((m) => `[ERROR] ${m}`) },
  });
}
