/**
 * Who is in a Slack user group (usergroups.users.list), remembered for less than a minute. Whatever is no clear answer is a Fault:
 * a group of unknown members gives nobody a right. Slack lists guests as well; who counts is the evaluator's business.
 */
import * as z from 'zod';
import { Fault } from '../ports.ts';
import { remembered } from './remembered.ts';
import type { SlackApi } from './slack-client.ts';

const METHOD = 'usergroups.users.list';
const Answer = z.object({ users: z.array(z.string()) });

export const slackUserGroups = (api: SlackApi) =>
  remembered(async (usergroup: string): Promise<readonly string[]> => {
    const parsed = Answer.safeParse(await api(METHOD, { usergroup }));
    if (parsed.success) return parsed.data.users;
    throw new Fault(`Slack ${METHOD} answered in a shape nobody promised. Try again.`, {
      service: 'slack',
      retryable: true,
    });
  });
