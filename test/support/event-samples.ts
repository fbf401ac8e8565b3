/** One event of every type that the journal can hold, made from the schemas: what is added there is here at once. */
import * as z from 'zod';
import {
  Actor,
  HoldingId,
  Instant,
  RequestId,
  SlackUserId,
} from '../../shared/domain/access-request/model.ts';
import { Commitment, Sha256 } from '../../shared/domain/audit/chain.ts';
import {
  type AnyEvent,
  CHAIN_KINDS,
  type ChainKind,
  parseEvent,
  RECORDS,
} from '../../shared/domain/records.ts';
import { HASH, holding, iso } from './samples.ts';

const KNOWN = new Map<z.core.$ZodType, unknown>([
  [Actor, { kind: 'operator' }],
  [HoldingId, holding().holdingId],
  [Instant, iso()],
  [RequestId, 'AR-7K2M9Q'],
  [SlackUserId, 'U0ANA'],
  [Sha256, HASH],
  [Commitment, `sha256:${HASH}`],
]);

/** `present`: what may be null is there. */
function sampleOf(schema: z.core.$ZodType, present: boolean): unknown {
  if (KNOWN.has(schema)) return KNOWN.get(schema);
  if (schema instanceof z.ZodNullable) return present ? sampleOf(schema.unwrap(), present) : null;
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodOptional)
    return present ? sampleOf(schema.unwrap(), present) : undefined;
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.core.$ZodType>(schema.shape).map(
      ([key, field]) => [key, sampleOf(field, present)] as const,
    );
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodArray) return present ? [sampleOf(schema.element, present)] : [];
  if (schema instanceof z.ZodString) return 'deadbeef';
  if (schema instanceof z.ZodNumber) return 7;
  if (schema instanceof z.ZodBoolean) return present;
  throw new Error(`No sample for a ${schema.constructor.name}`);
}

/** The shapes of a union, each version of each. */
const objectsIn = (schema: unknown): z.ZodObject[] => {
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap(objectsIn);
  return schema instanceof z.ZodObject ? [schema] : [];
};

const shapesOf = (kind: ChainKind): z.ZodObject[] => {
  const { events } = RECORDS[kind];
  return objectsIn(events).flatMap((shape) => {
    const { type } = shape.shape;
    if (!(type instanceof z.ZodEnum)) return [shape];
    return type.options.map((each) => shape.extend({ type: z.literal(each) }));
  });
};

export const EVENT_SAMPLES: readonly { readonly kind: ChainKind; readonly event: AnyEvent }[] =
  CHAIN_KINDS.flatMap((kind) =>
    shapesOf(kind).flatMap((shape) =>
      [true, false].map((present) => ({ kind, event: parseEvent[kind](sampleOf(shape, present)) })),
    ),
  );
