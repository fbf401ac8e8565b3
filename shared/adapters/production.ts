/** The foundation of a deployed function and its journal on DynamoDB, for those that use it at once. */
import type { FunctionName } from '../config/env.ts';
import type { Clock, Journal } from '../ports.ts';
import { type Env, type Foundation, foundation } from './foundation.ts';
import { productionJournal } from './production-journal.ts';

export type Production = Omit<Foundation, 'store'> & { journal: Journal };

export function production(serviceName: FunctionName, env: Env, clock: Clock): Production {
  const { store, ...base } = foundation(serviceName, env, clock);
  return { ...base, journal: productionJournal(store, base.telemetry) };
}
