/** An error as EventBridge Scheduler answers it: a status, a type in a header, a message in the body. */
export type ApiErrorType =
  | 'ValidationException'
  | 'ResourceNotFoundException'
  | 'ConflictException'
  | 'SerializationException'
  | 'MissingAuthenticationTokenException'
  | 'UnknownOperationException';

const statuses = {
  ValidationException: 400,
  ResourceNotFoundException: 404,
  ConflictException: 409,
  SerializationException: 400,
  MissingAuthenticationTokenException: 403,
  UnknownOperationException: 404,
} satisfies Record<ApiErrorType, number>;

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly type: ApiErrorType;
  constructor(type: ApiErrorType, message: string) {
    super(message);
    this.type = type;
  }
  get status(): number {
    return statuses[this.type];
  }
}

export const invalid = (message: string): ApiError => new ApiError('ValidationException', message);
export const notFound = (what: string): ApiError =>
  new ApiError('ResourceNotFoundException', `${what} does not exist.`);
export const conflict = (message: string): ApiError => new ApiError('ConflictException', message);
