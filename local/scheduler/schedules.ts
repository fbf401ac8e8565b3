/** The operations of the embedded scheduler, without HTTP: each checks as AWS does, stores first, then arms. */
import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { conflict, invalid, notFound } from './api-error.ts';
import { groupArn, scheduleArn } from './arn.ts';
import { parseAt } from './at-expression.ts';
import type { Page, PutSchedule, ScheduleKey, ScheduleRecord } from './model.ts';
import { keyText, paged, type ScheduleStore } from './schedule-store.ts';
import type { Trigger } from './trigger.ts';

type Parts = {
  readonly store: ScheduleStore;
  readonly clock: LocalClock;
  readonly trigger: Trigger;
};
type Answer = Record<string, unknown>;

export type Schedules = {
  create(put: PutSchedule): Answer;
  update(put: PutSchedule): Answer;
  get(key: ScheduleKey): Answer;
  delete(key: ScheduleKey, clientToken: string | undefined): Answer;
  list(page: Page): Answer;
};

export function openSchedules({ store, clock, trigger }: Parts): Schedules {
  const { schedules, groups } = store;
  const now = (): number => clock.now().getTime();

  function existing(key: ScheduleKey): ScheduleRecord {
    const record = schedules.get(keyText(key));
    if (record === undefined) throw notFound(`Schedule ${key.name}`);
    return record;
  }

  function write(put: PutSchedule, createdAt: number): Answer {
    const { key, definition } = put;
    const dueAt = parseAt(definition.ScheduleExpression, definition.ScheduleExpressionTimezone);
    if (dueAt < now())
      throw invalid(
        `Invalid Schedule Expression ${definition.ScheduleExpression}: it is in the past.`,
      );
    const fresh = { revision: randomUUID(), run: null, completed: false };
    const record = { ...key, definition, createdAt, modifiedAt: now(), dueAt, ...fresh };
    store.remember(put.clientToken, ['create', key, definition]);
    schedules.set(keyText(key), record);
    trigger.arm(record);
    return { ScheduleArn: scheduleArn(key) };
  }

  return {
    create(put) {
      const { key, definition, clientToken } = put;
      if (!groups.has(key.group)) throw notFound(`Schedule group ${key.group}`);
      const again = store.repeated(clientToken, ['create', key, definition]);
      if (schedules.has(keyText(key))) {
        if (again) return { ScheduleArn: scheduleArn(key) };
        throw conflict(`Schedule ${key.name} already exists.`);
      }
      return write(put, now());
    },
    update(put) {
      return write(put, existing(put.key).createdAt);
    },
    get: (key) => full(existing(key)),
    delete(key, clientToken) {
      const again = store.repeated(clientToken, ['delete', key]);
      if (again && !schedules.has(keyText(key))) return {};
      existing(key);
      store.remember(clientToken, ['delete', key]);
      trigger.disarm(keyText(key));
      schedules.delete(keyText(key));
      return {};
    },
    list(page) {
      const matching = schedules
        .values()
        .filter(
          (record) =>
            record.name.startsWith(page.NamePrefix ?? '') &&
            (page.ScheduleGroup ?? record.group) === record.group &&
            (page.State ?? record.definition.State) === record.definition.State,
        )
        .map((record) => ({ key: keyText(record), record }));
      const { items, nextToken } = paged(matching, page);
      return { Schedules: items.map(({ record }) => summary(record)), NextToken: nextToken };
    },
  };
}

/** AWS writes instants as seconds. */
const summary = (record: ScheduleRecord): Answer => ({
  Arn: scheduleArn(record),
  CreationDate: record.createdAt / 1000,
  GroupName: record.group,
  LastModificationDate: record.modifiedAt / 1000,
  Name: record.name,
  State: record.definition.State,
  Target: { Arn: record.definition.Target.Arn },
});

const full = (record: ScheduleRecord): Answer => ({ ...summary(record), ...record.definition });

export type ScheduleGroups = {
  create(name: string, clientToken: string | undefined): Answer;
  get(name: string): Answer;
  /** Takes every schedule of the group along, as AWS does. */
  delete(name: string, clientToken: string | undefined): Answer;
  list(page: Page): Answer;
};

export function openScheduleGroups({ store, clock, trigger }: Parts): ScheduleGroups {
  const { groups, schedules } = store;
  const view = (name: string): Answer => {
    const group = groups.get(name);
    if (group === undefined) throw notFound(`Schedule group ${name}`);
    return {
      Arn: groupArn(name),
      CreationDate: group.createdAt / 1000,
      LastModificationDate: group.modifiedAt / 1000,
      Name: name,
      State: 'ACTIVE',
    };
  };
  return {
    create(name, clientToken) {
      const again = store.repeated(clientToken, ['create-group', name]);
      if (groups.has(name) && !again) throw conflict(`Schedule group ${name} already exists.`);
      const now = clock.now().getTime();
      store.remember(clientToken, ['create-group', name]);
      if (!groups.has(name)) groups.set(name, { createdAt: now, modifiedAt: now });
      return { ScheduleGroupArn: groupArn(name) };
    },
    get: view,
    delete(name, clientToken) {
      if (name === 'default') throw invalid('The default schedule group cannot be deleted.');
      const again = store.repeated(clientToken, ['delete-group', name]);
      if (again && !groups.has(name)) return {};
      view(name);
      store.remember(clientToken, ['delete-group', name]);
      for (const record of schedules.values().filter(({ group }) => group === name)) {
        trigger.disarm(keyText(record));
        schedules.delete(keyText(record));
      }
      groups.delete(name);
      return {};
    },
    list(page) {
      const matching = groups
        .entries()
        .map(([key]) => ({ key }))
        .filter(({ key }) => key.startsWith(page.NamePrefix ?? ''));
      const { items, nextToken } = paged(matching, page);
      return { ScheduleGroups: items.map(({ key }) => view(key)), NextToken: nextToken };
    },
  };
}
