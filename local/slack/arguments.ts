/** Arguments of a Web API call, which arrive as JSON or as a form whose structured fields are JSON inside. */
import { isObject, type JsonObject, parseJson } from './json.ts';
import { badArguments, SlackError } from './slack-error.ts';

/** A field that must be there. */
export function required(args: JsonObject, name: string): string {
  const value = optional(args, name);
  if (value === undefined || value === '')
    throw badArguments('invalid_arguments', [`missing required field: ${name}`]);
  return value;
}

export function optional(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : undefined;
}

export const flag = (args: JsonObject, name: string): boolean =>
  args[name] === true || args[name] === 'true' || args[name] === '1';

/** A structured field, parsed where it came as text. `undefined` when absent. */
export function structured(args: JsonObject, name: string, error: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value;
  if (value === '') return undefined;
  const parsed = parseJson(value);
  if (parsed === undefined) throw new SlackError(error);
  return parsed;
}

/** The body of a call as one object. Throws `invalid_json` or `json_not_object`. */
export function argumentsOf(contentType: string, body: string): JsonObject {
  if (!contentType.includes('application/json'))
    return Object.fromEntries(new URLSearchParams(body));
  const parsed = body === '' ? {} : parseJson(body);
  if (parsed === undefined) throw new SlackError('invalid_json');
  if (!isObject(parsed)) throw new SlackError('json_not_object');
  return parsed;
}
