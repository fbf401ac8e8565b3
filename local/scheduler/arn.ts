import type { ScheduleKey } from './model.ts';

/** The embedded scheduler's account and region are made up; only the shape of an ARN is real. */
const prefix = 'arn:aws:scheduler:us-east-1:000000000000';

export const scheduleArn = ({ group, name }: ScheduleKey): string =>
  `${prefix}:schedule/${group}/${name}`;
export const groupArn = (name: string): string => `${prefix}:schedule-group/${name}`;
