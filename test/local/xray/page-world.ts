/** A world in memory with the X-ray beside it, and what the page would read of it, parsed as the page does. */
import type * as z from 'zod';
import { type People, peopleOf } from '../../../local/people.ts';
import { readSettings } from '../../../local/settings.ts';
import { startWorld, type World } from '../../../local/world.ts';
import { Overview, RequestDetail, Traffic } from '../../../local/xray/shapes.ts';

export type PageWorld = {
  world: World;
  people: People;
  url: string;
  overview(): Promise<Overview>;
  detail(id: string): Promise<RequestDetail>;
  traffic(): Promise<z.infer<typeof Traffic>>;
  code(who: string): Promise<string>;
};

/** The same hour whenever the tests are run. */
const startAt = new Date('2026-11-23T10:00:02Z');

export async function openPageWorld(): Promise<PageWorld> {
  const settings = { ...readSettings({}), port: 0, dataDir: null };
  const page = async () => new Map<string, never>();
  const world = await startWorld({ settings, frozen: true, startAt, print: () => undefined, page });
  const get = async <S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> =>
    schema.parse(await (await fetch(world.url + path)).json());
  const people = peopleOf(world);
  return {
    ...{ world, people, url: world.url, code: people.code },
    overview: () => get('/_local/xray', Overview),
    detail: (id) => get(`/_local/xray/requests/${id}`, RequestDetail),
    traffic: () => get('/_local/xray/traffic', Traffic),
  };
}
