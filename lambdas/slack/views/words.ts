/** What a refusal is told as, and the few phrases that several of them share. */
import { COMMANDS } from '../commands.ts';
import { code, mrkdwn } from './escape.ts';

export type Words = {
  readonly happened: string;
  readonly why: string;
  readonly next: string;
};
type Matching<R, C> = R extends { code: infer K } ? (C extends K ? R : never) : never;
/** The refusals of a union by their codes. */
export type ByCode<R extends { code: string }> = { [C in R['code']]: Matching<R, C> };
/** A sentence for every code of a union: one that is missing does not compile. */
export type TableOf<R extends { code: string }> = {
  [C in R['code']]: (refusal: ByCode<R>[C], now: Date) => Words;
};

export const words = (happened: string, why: string, next: string): Words => ({
  happened,
  why,
  next,
});
export const names = (all: readonly string[]): string =>
  all.map((name) => `@${mrkdwn(name)}`).join(', ');
export const suggestions = (all: readonly string[]): string =>
  all.length === 0 ? '' : ` Did you mean ${all.map(code).join(', ')}?`;
export const example = `${COMMANDS.request} github:acme/deployers member 2h INC-123 rollback`;
