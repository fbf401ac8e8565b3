/**
 * What people see after the app answered a delivery: the text of a slash command, errors in a form, a form replaced,
 * pushed or closed, or Slackbot's sorry when the app failed. Throws SlackError where the app's answer breaks a rule.
 */

import { problemsOfAnsweredOptions } from './block-kit/suggestions.ts';
import type { Answer } from './deliveries.ts';
import { isObject, type JsonObject, objectIn, parseJson, stringIn } from './json.ts';
import { contentOf } from './message-content.ts';
import { checkedView } from './methods/views.ts';
import { headerOf } from './payloads.ts';
import { SlackError } from './slack-error.ts';
import type { World } from './world.ts';

export function showAnswer(world: World, payload: JsonObject, answer: Answer | null): void {
  if (typeof payload['command'] === 'string') showCommandAnswer(world, payload, answer);
  else if (payload['type'] === 'view_submission') showSubmissionAnswer(world, payload, answer);
  else {
    refuseFailure(answer);
    if (payload['type'] !== 'block_suggestion') return;
    const problems = problemsOfAnsweredOptions(parseJson(answer.body));
    if (problems.length > 0) throw new SlackError('invalid_options', { errors: problems });
  }
}

function refuseFailure(answer: Answer | null): asserts answer is Answer {
  if (answer === null) throw new SlackError('operation_timeout');
  if (answer.statusCode !== 200)
    throw new SlackError('dispatch_failed', { status: answer.statusCode });
}

/** Slackbot's private word to whoever typed a command that went wrong. */
function showCommandAnswer(world: World, command: JsonObject, answer: Answer | null): void {
  const channel = stringIn(command, 'channel_id') ?? '';
  const user = stringIn(command, 'user_id') ?? '';
  try {
    refuseFailure(answer);
    const said = saidIn(answer);
    if (said === undefined) return;
    const { text, blocks = [] } = contentOf(said);
    if (said['response_type'] === 'in_channel') say(world, { channel, text, blocks });
    else world.messages.showEphemeral({ channel, user, text, blocks });
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const word = error.code === 'operation_timeout' || error.code === 'dispatch_failed';
    const code = word ? error.code : 'invalid_command_response';
    const text = `${command['command']} failed with the error "${code}"`;
    world.messages.showEphemeral({ channel, user, text, blocks: [], from: 'slackbot' });
    throw error;
  }
}

export function say(
  world: World,
  message: { channel: string; text: string; blocks: JsonObject[]; thread_ts?: string },
): void {
  world.messages.post({ ...message, user: world.botUserId, bot_id: world.botId });
}

/** The message in an answer: JSON where the header says so, otherwise the text itself; nothing for an empty body. */
function saidIn(answer: Answer): JsonObject | undefined {
  if (answer.body.trim() === '') return undefined;
  if (!headerOf(answer.headers, 'content-type')?.includes('application/json'))
    return { text: answer.body };
  const json = parseJson(answer.body);
  if (!isObject(json)) throw new SlackError('invalid_json');
  return Object.keys(json).length === 0 ? undefined : json;
}

function showSubmissionAnswer(world: World, payload: JsonObject, answer: Answer | null): void {
  const viewId = stringIn(objectIn(payload, 'view'), 'id') ?? '';
  const modal = world.views.find(viewId);
  if (modal === undefined) return;
  refuseFailure(answer);
  const json = saidIn(answer);
  const action = json?.['response_action'];
  if (json === undefined) world.views.close(viewId);
  else if (action === 'clear') world.views.clear(modal.user);
  else if (action === 'errors') world.views.setErrors(viewId, errorsIn(json, modal.view.blocks));
  else if (action === 'update') world.views.update({ viewId }, checkedView(json['view'], 'modal'));
  else if (action === 'push')
    world.views.push(modal.user, viewId, checkedView(json['view'], 'modal'));
  else throw new SlackError('invalid_response_action', { response_action: action });
}

/** Errors belong to input blocks of this view; any other key would be shown nowhere. */
function errorsIn(json: JsonObject, blocks: readonly JsonObject[]): { [blockId: string]: string } {
  const errors = objectIn(json, 'errors') ?? {};
  const inputs = blocks.filter((block) => block['type'] === 'input').map((one) => one['block_id']);
  const entries = Object.entries(errors);
  if (entries.length === 0) throw new SlackError('invalid_errors', { errors: 'none given' });
  const shown: { [blockId: string]: string } = {};
  for (const [blockId, text] of entries) {
    if (!inputs.includes(blockId) || typeof text !== 'string' || text === '')
      throw new SlackError('invalid_errors', { block_id: blockId });
    shown[blockId] = text;
  }
  return shown;
}
