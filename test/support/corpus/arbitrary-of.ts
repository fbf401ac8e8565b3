/**
 * Arbitrary values of a schema, from what the schema itself says: so that a field or a kind of event that is added later is met
 * by the tests without being listed anywhere. Strings of which nothing but the length is known are hostile.
 */
import * as fc from 'fast-check';
import * as z from 'zod';
import { nameUpTo } from './hostile.ts';

const Node = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  minItems: z.int().optional(),
  maxItems: z.int().optional(),
  pattern: z.string().optional(),
  minLength: z.int().optional(),
  maxLength: z.int().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
});
type Node = z.infer<typeof Node>;

const FROM = new Date('2026-01-01T00:00:00.000Z');
const TO = new Date('2027-12-31T23:59:59.999Z');
const LARGEST = 2_000_000_000;
const MOST = 12;
const LONGEST = 300;

export const instant: fc.Arbitrary<string> = fc
  .date({ min: FROM, max: TO, noInvalidDate: true })
  .map((date) => date.toISOString());

export const arbitraryOf = <T>(schema: z.ZodType<T>): fc.Arbitrary<T> =>
  from(z.toJSONSchema(schema, { io: 'input' })).map((value) => schema.parse(value));

function from(value: unknown): fc.Arbitrary<unknown> {
  const node = Node.parse(value);
  if ('const' in node) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const choices = node.oneOf ?? node.anyOf;
  if (choices) return fc.oneof(...choices.map(from));
  if (Array.isArray(node.type))
    return fc.oneof(...node.type.map((type) => from({ ...node, type })));
  switch (node.type) {
    case 'object':
      return objectOf(node);
    case 'array':
      return fc.array(from(node.items), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? MOST, MOST),
      });
    case 'string':
      return stringOf(node);
    case 'integer':
    case 'number':
      return fc.integer({
        min: node.exclusiveMinimum === undefined ? (node.minimum ?? 0) : node.exclusiveMinimum + 1,
        max: Math.min(node.maximum ?? LARGEST, LARGEST),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      throw new Error(`No way to make a value of ${JSON.stringify(node)}`);
  }
}

function objectOf({ properties = {}, required = [] }: Node): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, field]) => [name, from(field)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function stringOf({ format, pattern, minLength = 0, maxLength }: Node): fc.Arbitrary<string> {
  if (format === 'date-time') return instant;
  if (format === 'date') return instant.map((at) => at.slice(0, 10));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const name = nameUpTo(Math.min(maxLength ?? LONGEST, LONGEST));
  // Zod counts characters, not halves of them.
  return name.map((made) =>
    [...made].length < minLength ? `${made}${'x'.repeat(minLength)}` : made,
  );
}
