/**
 * Holds an event against the published schema (ocsf-1.8.0.json, cut by cut-ocsf-schema.mjs): required and known attributes, types,
 * enums and their captions, constraints, and that type_uid is class and activity. Answers what is wrong, by path.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Attribute = z.object({
  type: z.string(),
  array: z.boolean().optional(),
  requirement: z.enum(['required', 'recommended', 'optional']),
  enum: z.record(z.string(), z.string()).optional(),
  sibling: z.string().optional(),
});
const Shape = z.object({
  attributes: z.record(z.string(), Attribute),
  constraints: z.object({ at_least_one: z.array(z.string()).optional() }),
});
const Schema = z.object({
  version: z.string(),
  classes: z.record(z.string(), Shape),
  objects: z.record(z.string(), Shape),
  types: z.record(
    z.string(),
    z.object({ base: z.string().optional(), regex: z.string().optional() }),
  ),
});
type Attribute = z.infer<typeof Attribute>;
type Shape = z.infer<typeof Shape>;
export const OCSF = Schema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'ocsf-1.8.0.json'), 'utf8')),
);

const Thing = z.record(z.string(), z.unknown());
const OTHER = '99';

export function ocsfFaults(event: unknown): string[] {
  const thing = Thing.safeParse(event);
  if (!thing.success) return ['the event is no object'];
  const { class_uid: uid, activity_id: activity, type_uid: type } = thing.data;
  const shape = OCSF.classes[String(uid)];
  if (!shape) return [`class_uid ${uid} is not in the schema's cut`];
  const faults = shapeFaults(thing.data, shape, '');
  if (type !== Number(uid) * 100 + Number(activity)) faults.push(`type_uid ${type}`);
  return faults;
}

function shapeFaults(thing: Record<string, unknown>, shape: Shape, path: string): string[] {
  const faults: string[] = [];
  for (const [key, { requirement }] of Object.entries(shape.attributes))
    if (requirement === 'required' && thing[key] === undefined)
      faults.push(`${path}${key}: missing`);
  for (const [key, value] of Object.entries(thing)) {
    const attribute = shape.attributes[key];
    if (!attribute) faults.push(`${path}${key}: no such attribute`);
    else faults.push(...valueFaults({ value, attribute, thing }, `${path}${key}`));
  }
  const { at_least_one: any } = shape.constraints;
  if (any && !any.some((key) => thing[key] !== undefined))
    faults.push(`${path}: none of ${any.join(', ')}`);
  return faults;
}

type Placed = { value: unknown; attribute: Attribute; thing: Record<string, unknown> };

function valueFaults({ value, attribute, thing }: Placed, path: string): string[] {
  if (attribute.array && !Array.isArray(value)) return [`${path}: no list`];
  const items: unknown[] = attribute.array && Array.isArray(value) ? value : [value];
  return items.flatMap((item, index) => {
    const at = attribute.array ? `${path}[${index}]` : path;
    return [
      ...typeFaults(item, attribute.type, at),
      ...enumFaults(item, attribute, thing).map((fault) => `${at}: ${fault}`),
    ];
  });
}

function typeFaults(value: unknown, type: string, path: string): string[] {
  // An object without attributes of its own, and embedded JSON.
  if (type === 'object' || type === 'json_t')
    return typeof value === 'object' ? [] : [`${path}: ${type}`];
  const object = OCSF.objects[type];
  if (object) {
    const thing = Thing.safeParse(value);
    return thing.success ? shapeFaults(thing.data, object, `${path}.`) : [`${path}: no object`];
  }
  const known = OCSF.types[type];
  if (!known) return [`${path}: the object ${type} is not in the schema's cut`];
  const fits = {
    string_t: typeof value === 'string',
    integer_t: Number.isInteger(value),
    long_t: Number.isSafeInteger(value),
    boolean_t: typeof value === 'boolean',
  };
  const base = Object.entries(fits).find(([name]) => name === (known.base ?? type));
  if (!base?.[1]) return [`${path}: not a ${type}`];
  return known.regex && !new RegExp(known.regex).test(String(value))
    ? [`${path}: not a ${type}`]
    : [];
}

/** A number of an enum, and beside it the caption that belongs to it, save where it is "Other". */
function enumFaults(
  value: unknown,
  { enum: captions, sibling }: Attribute,
  thing: Record<string, unknown>,
): string[] {
  if (!captions) return [];
  const caption = captions[String(value)];
  if (caption === undefined) return [`${value} is none of its enum`];
  const beside = sibling === undefined ? undefined : thing[sibling];
  const isNamed =
    beside === undefined ? String(value) !== OTHER : beside === caption || String(value) === OTHER;
  return isNamed ? [] : [`its sibling ${sibling} says ${beside}, the schema ${caption}`];
}
