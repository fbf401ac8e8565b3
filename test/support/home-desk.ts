/** A bench with a Slack that keeps Homes as Slack does: a hash per view, a conflict when another one stands there. */
import { home as render } from '../../lambdas/slack/views/home.ts';
import { drawHome, type HomeDeps } from '../../shared/application/home.ts';
import { homeFacts } from '../../shared/application/home-facts.ts';
import { askForHomes } from '../../shared/application/home-jobs.ts';
import type { Home, HomeJob } from '../../shared/domain/home.ts';
import { type Announcer, Fault, type Queues } from '../../shared/ports.ts';
import { type Bench, bench } from './bench.ts';

export type Desk = {
  readonly on: Bench;
  readonly deps: HomeDeps;
  /** What a person's Home shows now, as text; empty before it was ever published. */
  shows(person: string): string;
  /** Slack's hash of what is there. */
  hashOf(person: string): string | null;
  published(): number;
  /** What goes wrong with the next calls of views.publish, one each; `lost`: it took effect, nobody heard of it. */
  readonly trouble: ('away' | 'lost' | 'never')[];
  /** Slack shows something else meanwhile. */
  replace(person: string): void;
  open(person: string): ReturnType<typeof drawHome>;
  change(person: string): ReturnType<typeof drawHome>;
  /** All jobs that a change of this request asks for, in the order they were sent. */
  jobsAfter(requestId: string): Promise<HomeJob[]>;
  record(person: string): Promise<Home | null>;
  /** What it should show, drawn from scratch. */
  truth(person: string): Promise<string>;
};

export async function openDesk(changes: object = {}): Promise<Desk> {
  const on = await bench(changes);
  const views = new Map<string, { hash: string; blocks: readonly object[] }>();
  const trouble: Desk['trouble'] = [];
  let published = 0;
  const never = () => {
    throw new Error('A Home asks for nothing but views.publish');
  };
  const announcer: Announcer = {
    post: never,
    update: never,
    isShared: never,
    async publishHome(person, { blocks }, over) {
      await Promise.resolve();
      const wrong = trouble.shift();
      const fault = (retryable: boolean) =>
        new Fault('views.publish failed', { service: 'slack', retryable });
      if (wrong === 'away' || wrong === 'never') throw fault(wrong === 'away');
      if (over !== null && over !== views.get(person)?.hash) return 'conflict';
      published += 1;
      const hash = `${published}.hash`;
      views.set(person, { hash, blocks });
      if (wrong === 'lost') throw fault(true);
      return { hash };
    },
  };
  const deps: HomeDeps = { ...on, announcer, home: render };
  const hashOf = (person: string) => views.get(person)?.hash ?? null;
  return {
    on,
    deps,
    trouble,
    hashOf,
    shows: (person) => JSON.stringify(views.get(person)?.blocks ?? ''),
    published: () => published,
    replace: (person) => views.set(person, { hash: 'somebody else', blocks: [] }),
    open: (person) => drawHome({ home: person, why: 'opened', seen: hashOf(person) }, deps),
    change: (person) => drawHome({ home: person, why: 'changed' }, deps),
    async jobsAfter(requestId) {
      const jobs: HomeJob[] = [];
      const send: Queues['send'] = async (_, message) => {
        if ('home' in message) jobs.push(message);
      };
      await askForHomes(requestId, { ...deps, queues: { send } });
      return jobs;
    },
    record: async (person) => (await on.calm.read('home', person)).value,
    async truth(person) {
      const { facts, beside } = await homeFacts({ ...deps, journal: on.calm }, person);
      return JSON.stringify(render(facts, beside, null).blocks);
    },
  };
}
