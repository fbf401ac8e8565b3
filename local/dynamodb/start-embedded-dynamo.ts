/**
 * The DynamoDB of local mode: dynalite in process, plus transactions, time to live, and a durable change feed, spoken
 * to through the real SDK. Everything a request changes is committed as one batch, so a kill -9 at any point keeps or
 * loses it as a whole, and a change that was committed is delivered at least once, after a restart too.
 * It never listens anywhere but on 127.0.0.1.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChangeFeed, createDelivery, type Delivery } from './change-feed.ts';
import { forgetChanges, openChangeLog } from './change-log.ts';
import { openDatabase } from './database.ts';
import { operationNamed } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { type DynamoFault, isRead, withFault } from './faults.ts';
import { type InProcessHandler, inProcessHandler } from './in-process-handler.ts';
import { createMutex, type Mutex } from './mutex.ts';
import { finishTables } from './tables.ts';
import { sweepExpired } from './time-to-live.ts';
import { openTokenMemory } from './tokens.ts';
import { type Serve, startWireServer } from './wire-server.ts';

const SLOW_MS = 1500;

export type EmbeddedDynamoOptions = {
  /** Folder of the data, made when missing; null keeps everything in memory. */
  dataDir: string | null;
  now(): Date;
  /** Asked before each request. Writes, of items and tables alike, ask for `*`. */
  onFault?: (
    operation: 'read' | 'add' | 'remove' | '*',
    request: { operation: string },
  ) => DynamoFault;
  /** What a `crash` does; by default the process kills itself. */
  crash?: () => never;
  /** How long a `slow` waits; by default one and a half seconds. */
  slow?: () => Promise<void>;
  /** A consumer of the feed failed (its batch comes again), or a request met a defect. By default printed. */
  onProblem?: (message: string, cause: unknown) => void;
  /** Called at each step of every request. It may kill the process there; it must not throw. */
  onStep?: (step: string) => void;
};

export type EmbeddedDynamo = {
  readonly url: string;
  readonly port: number;
  /** For clients in this process: the same requests and answers, without a connection. */
  readonly requestHandler: InProcessHandler;
  readonly changes: ChangeFeed;
  /** Deletes what has expired by `now`; answers how many items. */
  sweepTtl(): Promise<number>;
  /** Until the feed has nothing undelivered; a consumer that fails is given the retry that is due, and no more. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** @throws Error when another process holds `dataDir` */
export async function startEmbeddedDynamo(options: EmbeddedDynamoOptions): Promise<EmbeddedDynamo> {
  const report = options.onProblem ?? ((message, cause) => console.error(message, cause));
  const { engine, delivery } = await openEngine(options, report);
  const oneAtATime = createMutex();
  const serve = serveWith(engine, oneAtATime, options);
  const server = await startWireServer(serve, (cause) =>
    report('The embedded DynamoDB met a defect:', cause),
  );
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    requestHandler: inProcessHandler(serve),
    changes: { subscribe: delivery.subscribe },
    sweepTtl: () => oneAtATime(() => sweepExpired(engine)),
    settled: delivery.settled,
    async close() {
      await delivery.stop();
      await server.close();
      await oneAtATime(() => engine.database.close());
    },
  };
}

async function openEngine(
  options: EmbeddedDynamoOptions,
  report: (message: string, cause: unknown) => void,
): Promise<{ engine: Engine; delivery: Delivery }> {
  const database = await openDatabase(options.dataDir);
  await finishTables(database);
  const delivery = createDelivery({
    acknowledge: (records) => forgetChanges(database, records),
    onFailure: (table, cause) =>
      report(`A consumer of ${table}'s changes failed and gets them again:`, cause),
  });
  const { log, undelivered } = await openChangeLog(database);
  await delivery.enqueue(undelivered);
  const engine: Engine = {
    database,
    changes: log,
    publish: delivery.enqueue,
    tokens: await openTokenMemory(database, options.now),
    now: options.now,
    step: options.onStep ?? (() => {}),
  };
  return { engine, delivery };
}

function serveWith(engine: Engine, oneAtATime: Mutex, options: EmbeddedDynamoOptions): Serve {
  const crash =
    options.crash ??
    (() => {
      process.kill(process.pid, 'SIGKILL');
      throw new Error('This process was killed');
    });
  const slow = options.slow ?? (() => sleep(SLOW_MS));
  return (operation, body) => {
    const run = operationNamed(operation);
    const fault = options.onFault?.(isRead(operation) ? 'read' : '*', { operation }) ?? 'none';
    return withFault(fault, { operation, body, crash, slow }, () =>
      oneAtATime(async () => {
        engine.step(`${operation} begins`);
        const answer = await run(engine, body);
        engine.step(`${operation} ends`);
        return answer;
      }),
    );
  };
}
