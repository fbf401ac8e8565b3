/** Reading values whose shape nobody promised: everything here answers `undefined` instead of throwing. */
export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectIn(value: unknown, key: string): JsonObject | undefined {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : undefined;
}

export function stringIn(value: unknown, key: string): string | undefined {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}

function listIn(value: unknown, key: string): unknown[] | undefined {
  const inner = isObject(value) ? value[key] : undefined;
  return Array.isArray(inner) ? inner : undefined;
}

export function objectsIn(value: unknown, key: string): JsonObject[] {
  return (listIn(value, key) ?? []).filter(isObject);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
