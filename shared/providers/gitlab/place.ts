/**
 * A project or group as GitLab names it, and the number behind the name. GitLab answers under a project's old path after
 * it was moved, and anybody may take a path that was given up: a name counts only while the answer carries it, and what
 * was pinned is asked for by its number.
 */
import type { ContainerRef } from '../../ports.ts';
import { ProviderFault } from '../../ports.ts';
import { groupAnswer, projectAnswer } from './answers.ts';
import type { GitlabApi } from './gitlab-api.ts';

export type Place = {
  readonly id: number;
  /** `/projects/7` or `/groups/7`. */
  readonly url: string;
  /** As the policy names it, for messages. */
  readonly name: string;
  /** GitLab's name for it today. */
  readonly path: string;
  /** Archived or about to be deleted: members cannot be changed. */
  readonly frozen: boolean;
};

const SEGMENT = '[A-Za-z0-9_][A-Za-z0-9_.-]*';
const PATHS: Readonly<Record<string, RegExp>> = {
  project: new RegExp(`^(?=.{3,255}$)${SEGMENT}(?:/${SEGMENT})+$`),
  group: new RegExp(`^(?=.{2,255}$)${SEGMENT}(?:/${SEGMENT})*$`),
};

/** @throws ProviderFault `container-not-found`, which also covers what the token cannot see: GitLab does not tell them apart. */
export async function requirePlace(api: GitlabApi, container: ContainerRef): Promise<Place> {
  const { kind, resource } = container;
  const wellFormed = PATHS[kind]?.test(resource) === true;
  const pinned = container.id === undefined || /^[1-9]\d{0,14}$/.test(container.id);
  if (!wellFormed || !pinned) throw notAPlace(container);
  const found = await api.ask({
    method: 'GET',
    path: `/${kind}s/${container.id ?? encodeURIComponent(resource)}`,
    // A group would otherwise bring its projects along.
    query: kind === 'group' ? { with_projects: false } : {},
    status: 200,
    schema: kind === 'group' ? groupAnswer : projectAnswer,
  });
  if (found === null) throw placeMissing(container);
  const { id, path, archived, marked_for_deletion_on, marked_for_deletion_at } = found.value;
  const place = {
    id,
    url: `/${kind}s/${id}`,
    name: resource,
    path,
    frozen: archived === true || (marked_for_deletion_on ?? marked_for_deletion_at ?? '') !== '',
  };
  if (container.id === undefined) requireName(place);
  else if (container.id !== String(id)) throw moved(place);
  return place;
}

/** Whether the name still leads here: not asked when access is taken away. */
export function requireName(place: Place): void {
  if (place.path.toLowerCase() !== place.name.toLowerCase()) throw moved(place);
}

function notAPlace({ kind, resource }: ContainerRef): ProviderFault {
  return new ProviderFault(
    `GitLab has no ${JSON.stringify(kind)} ${JSON.stringify(resource)}: write kind project or group and the full path as resource in the policy`,
    { code: 'container-not-found', retryable: false, applied: 'no' },
  );
}

function placeMissing({ kind, resource }: ContainerRef): ProviderFault {
  return new ProviderFault(
    `GitLab knows no ${kind} ${resource}, or the token cannot see it: check the path in the policy and where the token is a member`,
    { code: 'container-not-found', retryable: false, applied: 'no' },
  );
}

function moved(place: Place): ProviderFault {
  return new ProviderFault(
    `${place.name} is not the name of what GitLab keeps there now (moved, renamed or replaced): write its path of today in the policy`,
    { code: 'container-not-found', retryable: false, applied: 'no' },
  );
}
