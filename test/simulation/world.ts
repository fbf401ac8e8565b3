/** One simulated company: everything outside the code under test, and the ports through which that code sees it. */
import * as z from 'zod';
import { askForDrift, lookForDrift } from '../../shared/application/drift.ts';
import { ensureHolding } from '../../shared/application/ensure-holding.ts';
import type { EnsureDeps } from '../../shared/application/ensure-run.ts';
import { journalPolicies } from '../../shared/application/policies.ts';
import { route } from '../../shared/application/route.ts';
import { type SweepDeps, sweep } from '../../shared/application/sweep.ts';
import type { CodeDeps } from '../../shared/application/verify-code.ts';
import type { Telemetry, Write } from '../../shared/ports.ts';
import { unmeasured } from '../support/unmeasured.ts';
import { simAnnouncing } from './announcing.ts';
import { hashOfPolicy, PROVIDER, policyText, TEAM_ID, TENANT } from './cast.ts';
import { changesOf } from './changes.ts';
import { disturbancesOf } from './disturbances.ts';
import { type Faults, faultsOf } from './faults.ts';
import type { Held } from './invariants/access-held.ts';
import { allInvariants } from './invariants/all.ts';
import type { Invariant, Watch } from './invariants/watch.ts';
import { type Process, type Processes, processesOf } from './processes.ts';
import { type Rng, rngOf } from './rng.ts';
import { simCodes, simSecretBox } from './sim-codes.ts';
import { type Delivery, simEnds, simQueues } from './sim-deliveries.ts';
import { simDirectory } from './sim-directory.ts';
import { simIds } from './sim-ids.ts';
import { type Store, simJournal, simStore } from './sim-journal.ts';
import { type ProviderState, placeOf, simProvider } from './sim-provider.ts';
import type { SlackState } from './sim-slack.ts';
import { simStream } from './sim-stream.ts';
import { skewOf } from './skew.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';
import type { WorldOptions } from './world-options.ts';

export type Violation = { rule: string; what: string; atSeconds: number };
export type Ports = EnsureDeps & SweepDeps & CodeDeps;

export type World = {
  readonly rng: Rng;
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly processes: Processes;
  readonly store: Store;
  readonly provider: ProviderState;
  readonly watch: Watch;
  readonly invariants: Required<Invariant>;
  readonly held: Held;
  readonly violations: Violation[];
  readonly policies: { wide: string; narrow: string; open: string };
  ports(process: Process): Ports;
  committed(process: Process | null, writes: readonly Write[]): void;
  /** Events by type. */
  readonly happened: Map<string, number>;
  /** Called for each grant as it begins and as it ends: what happens just then is what the protocol must stand. */
  readonly onAuthorized: ((requestId: string) => void)[];
  readonly onRemoved: ((requestId: string) => void)[];
  /** Somebody is to be taken out of the container that the bot owns: their login. */
  readonly onMarked: ((login: string) => void)[];
  readonly startMs: number;
  /** Null where nothing is drawn. */
  readonly slack: SlackState | null;
  sweep(): void;
  /** A message that came once comes again, however late. */
  wake(holdingId: string): void;
  lastSweptMs: number;
  /** Something that invariants look at has changed since they last did. */
  changed: boolean;
  alarm(name: string, holdingId: string | null): void;
};

const Typed = z.looseObject({ type: z.string() });

/** What the functions are given by the stack that deploys them. */
const LIMITS = { ensure: 60, sweep: 50 } as const;

export function worldOf(seed: number, options: WorldOptions): World {
  const rng = rngOf(seed);
  const time = virtualTime(options.print);
  const faults =
    options.faults ?? faultsOf(rng, time, { endMs: options.faultsEndMs, lean: options.lean });
  const violations: Violation[] = [];
  const { indexLagMs = 0 } = options;
  // Of its own, so that what happens to a seed does not hang on it.
  const lags = rngOf(seed + 1_000_000);
  const store = simStore({
    nowMs: time.nowMs,
    // That somebody left shows soon: later, and there would be less to find too early.
    lagMs: (kind) => {
      const isSoon = kind === 'leaver' || lags.chance(0.3);
      return lags.between(0, isSoon ? Math.min(1000, indexLagMs) : indexLagMs);
    },
  });
  const exclusive = rng.chance(0.3) || options.exclusive === true;
  const provider: ProviderState = { roles: new Map(), lag: new Map() };
  const policies = {
    wide: policyText({ exclusive, narrow: false }),
    narrow: policyText({ exclusive, narrow: true }),
    open: policyText({ exclusive: false, narrow: false }),
  };
  const startMs = time.nowMs();
  const violate = (rule: string, what: string) => {
    time.note(`VIOLATION ${rule}: ${what}`);
    if (!violations.some((each) => each.rule === rule))
      violations.push({ rule, what, atSeconds: (time.nowMs() - startMs) / 1000 });
  };
  const disturbances = disturbancesOf(faults);
  const announcing = options.cards
    ? simAnnouncing(
        {
          ...{ time, rng, faults, ports: (process) => ports(process), processes: () => processes },
          changed: () => {
            world.changed = true;
          },
        },
        { findsPostsAgain: options.cards === 'found-again', messages: [] },
      )
    : null;
  const processes = processesOf({
    time,
    rng,
    faults,
    onFault: (process) => {
      disturbances.note(process, time.nowMs());
      announcing?.disturbed(process);
    },
    onDefect: (error, process) =>
      violate('defect', `${process.name}: ${error instanceof Error ? error.stack : String(error)}`),
  });
  const scheduled = new Map<string, string>();
  const watch: Watch = {
    store,
    time,
    provider,
    indexLags: indexLagMs > 0,
    clocksDiffer: (options.skewMs ?? 0) > 0,
    standing: new Map(),
    tamperedWith: new Set(),
    scheduled,
    exclusive,
    narrowHash: hashOfPolicy(policies.narrow),
    openHash: hashOfPolicy(policies.open),
    openSinceMs: null,
    strangers: new Map(),
    looks: [],
    alarms: [],
    left: new Map(),
    disturbedMs: disturbances.lastMs,
    violate,
  };
  const held: Held = { excess: [], overBound: [], calm: 0 };
  const invariants = allInvariants(watch, held, announcing);
  const alarm = (name: string, holdingId: string | null) => {
    time.note(`ALARM ${name} ${holdingId ?? ''}`);
    watch.alarms.push({ atMs: time.nowMs(), name, holdingId });
    if (name === 'invariant-broken') violate('alarm', 'the product found an invariant broken');
  };
  const onAuthorized: World['onAuthorized'] = [];
  const onRemoved: World['onRemoved'] = [];
  const onMarked: World['onMarked'] = [];
  const delivery: Delivery = {
    processes,
    time,
    rng,
    faults,
    scheduled,
    standing: new Map(),
    ensure: ({ holdingId, again }, ended) =>
      processes.spawn(
        'ensure',
        LIMITS.ensure,
        (process) => {
          process.about = holdingId;
          return ensureHolding(holdingId, ports(process), again);
        },
        ended,
      ),
    drift: (container, ended) =>
      processes.spawn(
        'drift',
        LIMITS.ensure,
        (process) => lookForDrift(container, ports(process)),
        ended,
      ),
    announce: announcing?.arrive ?? null,
    onDeadLetter: (about) => alarm('dead-letter', about),
  };
  const committed = (process: Process | null, writes: readonly Write[]) => {
    for (const { do: what, kind, id } of writes)
      if (what !== 'check') time.note(`  ${what} ${kind}#${id}`);
    world.changed = true;
    for (const event of writes.flatMap(({ events }) => events)) {
      const { type } = Typed.parse(event);
      world.happened.set(type, (world.happened.get(type) ?? 0) + 1);
    }
    const changes = changesOf(writes);
    invariants.committed(process, changes);
    for (const { type, requestId } of changes.flatMap(({ request }) => request)) {
      if (type === 'GrantAuthorized') for (const hook of onAuthorized) hook(requestId);
      if (type === 'GrantRemoved') for (const hook of onRemoved) hook(requestId);
    }
    for (const event of changes.flatMap(({ container }) => container))
      if (event.type === 'StrangerMarked')
        for (const hook of onMarked) hook(event.accountId.slice('id-'.length));
    stream(writes);
  };
  const stream = simStream({ processes, time, rng, faults }, (changes, process) =>
    route(changes, ports(process)),
  );
  const github = (process: Process) =>
    simProvider(
      {
        processes,
        time,
        rng,
        faults,
        provider,
        onListed: (resource, accounts) =>
          watch.looks.push({ resource, accounts, atMs: time.nowMs() }),
        onIssued: invariants.issued,
        onLanded: (write) => {
          if (write.role !== null) watch.tamperedWith.delete(placeOf(write.resource, write.login));
          world.changed = true;
          invariants.landed(write);
        },
      },
      process,
    );
  const skew = skewOf(seed, options.skewMs ?? 0, {
    nowMs: time.nowMs,
    onSkewed: () => alarm('clock-skewed', null),
  });
  const ports = (process: Process): Ports => {
    const offMs = skew.of(process);
    const journal = simJournal(
      { processes, store, onCommit: committed, nowMs: time.nowMs },
      process,
    );
    return {
      journal,
      clock: { now: () => new Date(time.nowMs() + offMs) },
      ids: simIds(rng),
      policies: journalPolicies({ journal }),
      telemetry: telemetry(time, alarm),
      teamId: TEAM_ID,
      tenant: TENANT,
      directory: simDirectory(processes, process, watch.left),
      providers: new Map([[PROVIDER, github(process)]]),
      ends: simEnds(delivery, process),
      queues: simQueues(delivery, process),
      codes: simCodes((owner, matched) => invariants.verified(process, owner, matched)),
      secretBox: simSecretBox(processes, process),
    };
  };
  const world: World = {
    rng,
    time,
    faults,
    processes,
    store,
    provider,
    watch,
    invariants,
    held,
    violations,
    policies,
    ports,
    committed,
    alarm,
    happened: new Map(),
    onAuthorized,
    onRemoved,
    onMarked,
    startMs,
    slack: announcing?.slack ?? null,
    lastSweptMs: time.nowMs(),
    changed: true,
    wake: (holdingId) => delivery.ensure({ holdingId }, () => undefined),
    sweep: () =>
      processes.spawn('sweep', LIMITS.sweep, async (process) => {
        await sweep(ports(process));
        world.lastSweptMs = time.nowMs();
        await askForDrift(ports(process));
      }),
  };
  return world;
}

function telemetry(time: VirtualTime, alarm: World['alarm']): Telemetry {
  return {
    ...unmeasured,
    info: (message, fields) => time.note(`  info ${message} ${JSON.stringify(fields ?? {})}`),
    error: (message, fields) => time.note(`  error ${message} ${JSON.stringify(fields ?? {})}`),
    alarm: (name, fields) => {
      // Of a container it wakes nobody about a holding.
      const about = fields['holdingId'] ?? fields['container'];
      alarm(name, typeof about === 'string' ? about : null);
    },
  };
}
