/**
 * What the X-ray pane asks for, polled with ETags: the overview, one request from every side, the last exchanges.
 * Reads only. The tables are scanned again only when something was written since, and for others' writes every few seconds.
 */
import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { LocalClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import type { LocalState } from '../state-view.ts';
import { detailOf } from './detail.ts';
import { faultsShown, newestFirst, nextEvent, summaryOf } from './overview.ts';
import type { ProviderHistory } from './provider-history.ts';
import type { TableRow } from './rows.ts';
import type { NameOf } from './sentence-parts.ts';
import type { Overview } from './shapes.ts';
import type { TrafficLog } from './traffic.ts';

export type Tables = {
  readonly rows: readonly TableRow[];
  readonly state: LocalState;
  /** Slack id -> provider -> login, by the policy in force. */
  readonly accounts: ReadonlyMap<string, Readonly<Record<string, string>>>;
};
export type XrayParts = {
  tenant: string;
  clock: LocalClock;
  faults: Faults;
  traffic: TrafficLog;
  history: ProviderHistory;
  nameOf: NameOf;
  /** IANA name of the zone in which the page shows instants. */
  zone: string;
  /** Scans both tables. */
  read: () => Promise<Tables>;
  /** Grows with every write of this process. */
  writes: () => number;
};

const OUTSIDE_WRITES_SEEN_AFTER_MS = 4000;
const OFFSET_STEP_MS = 100;

export function xrayApi(parts: XrayParts): Hono {
  const app = new Hono();
  const tables = remembered(parts);
  app.get('/', async (context) => answer(context, overview(parts, await tables())));
  app.get('/requests/:id', async (context) => {
    const id = context.req.param('id');
    const { rows, state, accounts } = await tables();
    const request = state.requests.find((one) => one.requestId === id);
    if (!request) return context.json({ error: `There is no request ${id}.` }, 404);
    const { tenant, nameOf, history } = parts;
    const before = history.before(id);
    const login = accounts.get(request.subject)?.[request.entitlement.provider] ?? null;
    return answer(context, detailOf(request, { tenant, rows, state, before, login, nameOf }));
  });
  app.get('/traffic', (context) => answer(context, parts.traffic.list()));
  return app;
}

function overview(parts: XrayParts, { rows, state }: Tables): Overview {
  const { clock, faults, nameOf } = parts;
  const now = clock.now();
  const requests = newestFirst(state.requests).map((request) => summaryOf(request, nameOf));
  const shown = {
    rows: rows.length,
    requests,
    holdings: state.holdings,
    schedules: state.schedules,
    providers: state.providers,
  };
  return {
    revision: digest(JSON.stringify(shown)),
    offsetMs: Math.round((now.getTime() - Date.now()) / OFFSET_STEP_MS) * OFFSET_STEP_MS,
    zone: parts.zone,
    next: nextEvent(state, now),
    requests,
    faults: faultsShown(faults),
  };
}

/** The tables as they are, scanned once for everybody who asks meanwhile. */
function remembered({ read, writes }: XrayParts): () => Promise<Tables> {
  let known: { at: number; writes: number; tables: Promise<Tables> } | null = null;
  return () => {
    const count = writes();
    const fresh =
      known?.writes === count && performance.now() - known.at < OUTSIDE_WRITES_SEEN_AFTER_MS;
    if (known && fresh) return known.tables;
    const tables = read();
    known = { at: performance.now(), writes: count, tables };
    tables.catch(() => {
      known = null;
    });
    return tables;
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

function answer(context: Context, value: unknown): Response {
  const body = JSON.stringify(value);
  const etag = `"${digest(body)}"`;
  const headers = { etag, 'cache-control': 'no-cache' };
  if (context.req.header('if-none-match') === etag)
    return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}
