/**
 * EventBridge Scheduler's REST API (restJson1) as the SDK calls it. Unsigned calls are refused: the signature itself is not
 * checked, but a page in the browser cannot send the header to another origin unasked.
 */
import { type Context, Hono } from 'hono';
import { type Faults, faultMiddleware } from '../faults.ts';
import { ApiError } from './api-error.ts';
import {
  readGroupToken,
  readName,
  readPage,
  readPut,
  readToken,
  type ScheduleKey,
} from './model.ts';
import type { ScheduleGroups, Schedules } from './schedules.ts';

export function schedulerApi(parts: {
  schedules: Schedules;
  groups: ScheduleGroups;
  faults: Faults;
  onError: (error: unknown) => void;
}): Hono {
  const { schedules, groups } = parts;
  const app = new Hono();
  app.use(
    faultMiddleware(parts.faults, 'scheduler', (method) => (method === 'GET' ? 'read' : '*')),
  );
  app.use(async (context, next) => {
    if (context.req.header('authorization') === undefined)
      throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token');
    await next();
  });
  const name = (context: Context): string => readName(context.req.param('name') ?? '');

  app.post('/schedules/:name', async (c) =>
    c.json(schedules.create(readPut(name(c), await body(c)))),
  );
  app.put('/schedules/:name', async (c) =>
    c.json(schedules.update(readPut(name(c), await body(c)))),
  );
  app.get('/schedules/:name', (c) => c.json(schedules.get(keyOf(c, name(c)))));
  app.delete('/schedules/:name', (c) => c.json(schedules.delete(keyOf(c, name(c)), tokenOf(c))));
  app.get('/schedules', (c) => c.json(schedules.list(readPage(c.req.query()))));
  app.post('/schedule-groups/:name', async (c) =>
    c.json(groups.create(name(c), readGroupToken(await body(c)))),
  );
  app.get('/schedule-groups/:name', (c) => c.json(groups.get(name(c))));
  app.delete('/schedule-groups/:name', (c) => c.json(groups.delete(name(c), tokenOf(c))));
  app.get('/schedule-groups', (c) => c.json(groups.list(readPage(c.req.query()))));

  app.notFound((c) =>
    errorAnswer(
      'UnknownOperationException',
      404,
      `${c.req.method} ${c.req.path} is not supported.`,
    ),
  );
  app.onError((error) => {
    if (error instanceof ApiError) return errorAnswer(error.type, error.status, error.message);
    parts.onError(error);
    return errorAnswer('InternalServerException', 500, 'The embedded scheduler failed.');
  });
  return app;
}

const keyOf = (context: Context, name: string): ScheduleKey => ({
  group: readName(context.req.query('groupName') ?? 'default'),
  name,
});
const tokenOf = (context: Context): string | undefined =>
  readToken(context.req.query('clientToken'));

async function body(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new ApiError('SerializationException', 'The request body is not JSON.');
  }
}

function errorAnswer(type: string, status: number, message: string): Response {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type };
  return new Response(JSON.stringify({ Message: message }), { status, headers });
}
