/**
 * What differs between a try-out and the real thing: `-c stage=dev|prod`. dev is what a command without an answer gets,
 * because what prod makes cannot be unmade: locked objects, tables and keys that outlive their stack.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Node } from 'constructs';

export type Stage = {
  readonly name: 'dev' | 'prod';
  /** Of everything that holds data. */
  readonly removalPolicy: RemovalPolicy;
  /** Tables refuse to be deleted, and locks of the audit bucket cannot be lifted by anybody. */
  readonly isFinal: boolean;
  readonly auditRetentionDays: number;
};

const STAGES = {
  dev: {
    name: 'dev',
    removalPolicy: RemovalPolicy.DESTROY,
    isFinal: false,
    auditRetentionDays: 1,
  },
  prod: {
    name: 'prod',
    removalPolicy: RemovalPolicy.RETAIN,
    isFinal: true,
    auditRetentionDays: 400,
  },
} as const satisfies Record<Stage['name'], Stage>;

/** Throws when the context names a stage that does not exist. */
export function stageOf(node: Node): Stage {
  const asked: unknown = node.tryGetContext('stage') ?? 'dev';
  if (asked === 'dev' || asked === 'prod') return STAGES[asked];
  throw new Error(`-c stage=${String(asked)}: there are two stages, dev and prod.`);
}
