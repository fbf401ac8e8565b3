/** Every key of the policy language as a path (`rules[].approvals[].count`), from the schema itself; a selector of people is one thing. */
import * as z from 'zod';
import { Policy } from '../../shared/domain/policy/policy.ts';

const Node = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

export function policyPaths(): readonly string[] {
  const schema = z.toJSONSchema(Policy, { io: 'input', unrepresentable: 'any' });
  return [...new Set(pathsIn(schema, ''))].sort();
}

function pathsIn(written: unknown, at: string): string[] {
  const node = Node.safeParse(written).data;
  if (!node) return [];
  const own = Object.entries(node.properties ?? {});
  const isSelector =
    own
      .map(([key]) => key)
      .sort()
      .join() === 'people,roles';
  const below = isSelector
    ? []
    : own.flatMap(([key, each]) => {
        const path = at === '' ? key : `${at}.${key}`;
        return [path, ...pathsIn(each, path)];
      });
  return [
    ...below,
    ...pathsIn(node.additionalProperties, `${at}.NAME`),
    ...pathsIn(node.items, `${at}[]`),
    ...(node.anyOf ?? []).flatMap((each) => pathsIn(each, at)),
  ];
}
