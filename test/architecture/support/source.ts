/** The project's own sources as the conventions see them: what a file imports, and where a piece of syntax stands. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from '@swc/core';
import * as z from 'zod';

export const ROOT = join(__dirname, '../../..');

export const PRODUCT = ['lambdas', 'shared', 'infra', 'local'];

/** Paths below the folders, relative to the root with forward slashes, in alphabetical order. */
export function filesIn(folders: readonly string[], ending: RegExp): string[] {
  return folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && ending.test(entry.name))
        .map((entry) => posix.relative(ROOT, posix.join(entry.parentPath, entry.name))),
    )
    .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
    .sort();
}

export const foldersIn = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort()
    : [];

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** A node of the syntax tree; what else it holds depends on its type. */
export type SyntaxNode = { readonly type: string; readonly line: number } & Readonly<
  Record<string, unknown>
>;

/** For each byte of a text, the line on which it stands. */
function lineOfEachByte(text: string): Uint32Array {
  const lines = new Uint32Array(Buffer.byteLength(text) + 1);
  let line = 1;
  const bytes = Buffer.from(text);
  for (let index = 0; index < bytes.length; index += 1) {
    lines[index] = line;
    if (bytes[index] === 10) line += 1;
  }
  return lines;
}

/** Every node of a file, parents before children, comments aside. */
export function nodesOf(path: string): SyntaxNode[] {
  const text = textOf(path);
  const lines = lineOfEachByte(text);
  // The parser counts bytes from 1.
  const lineAt = (start: number) => lines[start - 1] ?? 1;
  const nodes: SyntaxNode[] = [];
  const visit = (value: unknown, line: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, line);
      return;
    }
    const { type, span }: { type?: unknown; span?: { start: number } } = value;
    const here = span === undefined ? line : lineAt(span.start);
    if (typeof type === 'string') nodes.push(Object.assign(value, { type, line: here }));
    for (const [name, child] of Object.entries(value)) if (name !== 'span') visit(child, here);
  };
  visit(parseSync(text, { syntax: 'typescript', tsx: path.endsWith('x'), target: 'es2022' }), 1);
  return nodes;
}

export type Import = {
  readonly line: number;
  readonly specifier: string;
  /** Path from the root for a file of ours, undefined for a package. */
  readonly path: string | undefined;
};

const withSource = z.object({ source: z.object({ value: z.string() }) });
const dynamicImport = z.object({
  callee: z.object({ type: z.literal('Import') }),
  arguments: z.tuple([z.object({ expression: z.object({ value: z.string() }) })], z.unknown()),
});

const found = new Map<string, Import[]>();

/** Everything a file imports or exports from elsewhere, dynamic imports of a literal included. Parsed once per test file. */
export function importsOf(path: string): Import[] {
  const known = found.get(path) ?? readImports(path);
  found.set(path, known);
  return known;
}

function readImports(path: string): Import[] {
  return nodesOf(path).flatMap((node) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    const own = specifier.startsWith('.');
    const target = own ? posix.join(posix.dirname(path), specifier) : undefined;
    return [{ line: node.line, specifier, path: target }];
  });
}

function specifierOf(node: SyntaxNode): string | undefined {
  if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type))
    return withSource.safeParse(node).data?.source.value;
  if (node.type !== 'CallExpression') return undefined;
  return dynamicImport.safeParse(node).data?.arguments[0].expression.value;
}

const named = z.object({ value: z.string() });
const member = z.object({ object: named, property: named });

/** `Date.now` for a member access on a name, `now` for a bare name, undefined for anything else. */
export function calledName(value: unknown): string | undefined {
  const access = member.safeParse(value).data;
  return access
    ? `${access.object.value}.${access.property.value}`
    : named.safeParse(value).data?.value;
}
