import type { ContainerRef } from '../ports.ts';

/** How a container is named in keys and events. */
export const nameOf = ({ provider, kind, resource }: ContainerRef): string =>
  `${provider}:${kind}:${resource}`;
