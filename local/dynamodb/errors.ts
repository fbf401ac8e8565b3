/**
 * What DynamoDB answers when it says no, as one error class. The HTTP layer turns it into the wire form; whatever is
 * thrown and is not a DynamoError is a defect and becomes a 500. dynalite's own errors are translated here.
 */
import * as z from 'zod';

export class DynamoError extends Error {
  override readonly name = 'DynamoError';
  readonly code: string;
  readonly status: number;
  /** Further members of the answer: `CancellationReasons`, `Item`. */
  readonly detail: Record<string, unknown>;
  constructor(
    code: string,
    message: string,
    more: { status?: number; detail?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = more.status ?? 400;
    this.detail = more.detail ?? {};
  }
}

export function validationError(message: string): DynamoError {
  return new DynamoError('ValidationException', message);
}

const dynaliteError = z.object({
  statusCode: z.number(),
  body: z.looseObject({
    __type: z.string(),
    message: z.string().optional(),
    Message: z.string().optional(),
  }),
});

/** dynalite throws Errors that carry the answer; anything else is passed on as it is. */
export function fromDynalite(cause: unknown): unknown {
  const parsed = dynaliteError.safeParse(cause);
  if (!parsed.success) return cause;
  const { __type, message, Message } = parsed.data.body;
  const code = __type.slice(__type.indexOf('#') + 1);
  return new DynamoError(code, message ?? Message ?? '', { status: parsed.data.statusCode });
}
