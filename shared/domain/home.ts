/**
 * A person's Home tab: its sections, what asks for one to be drawn, and what is known of the last drawing. A Home is a
 * projection: nothing is ever decided from what it showed.
 */
import * as z from 'zod';
import { Instant, SlackUserId } from './access-request/model.ts';
import { Sha256 } from './audit/chain.ts';

export const HomeSection = z.enum([
  ...(['waiting', 'extensions', 'reviews', 'active', 'scheduled', 'pending', 'recent'] as const),
  ...(['overdue', 'drift'] as const),
]);
export type HomeSection = z.infer<typeof HomeSection>;

/** Which page of which section is looked at; every other section shows its first. */
export const HomeLens = z.strictObject({
  section: HomeSection,
  page: z.int().min(0).max(10_000),
});
export type HomeLens = z.infer<typeof HomeLens>;

/** Slack's own hash of a view; whatever it is, it is only ever compared. */
const ViewHash = z.string().min(1).max(255);

export const HomeJob = z.discriminatedUnion('why', [
  /** Something that it may show has changed. */
  z.strictObject({ home: SlackUserId, why: z.literal('changed') }),
  /** Its owner looks at it; `seen` is the hash of the view that Slack shows, null where it has none yet. */
  z.strictObject({ home: SlackUserId, why: z.literal('opened'), seen: ViewHash.nullable() }),
  z.strictObject({ home: SlackUserId, why: z.literal('page'), lens: HomeLens }),
]);
export type HomeJob = z.infer<typeof HomeJob>;

export const Home = z.strictObject({
  /** When its owner first opened it; who never did is never drawn. */
  openedAt: Instant,
  /** Fingerprint of what it shows; null while a drawing is under way or its end is not known. */
  shown: Sha256.nullable(),
  viewHash: ViewHash.nullable(),
  lens: HomeLens.nullable(),
  /** How often it was drawn. */
  version: z.int().min(0),
  /** Held by the one run that draws. */
  lease: z.strictObject({ token: z.int().positive(), until: Instant }).nullable(),
  fence: z.int().min(0),
});
export type Home = z.infer<typeof Home>;
