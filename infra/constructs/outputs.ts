/**
 * What the app stack tells whoever deployed it, and `npm run doctor`: addresses and names, never a secret. Two outputs are JSON,
 * since a list of outputs would have to be kept equal to the queues and settings there are.
 */
import { CfnOutput, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import type { Parts } from './parts.ts';
import { DeadLetters, WorkQueue } from './work-queue.ts';

export function appOutputs(stack: Stack, { publicUrl, ends }: Parts): void {
  const all = stack.node.findAll();
  const queues = all.filter((each) => each instanceof WorkQueue);
  const deadLetters = all.filter((each) => each instanceof DeadLetters);
  const outputs: Record<string, readonly [value: string, description: string]> = {
    SlackRequestUrl: [`${publicUrl}/slack/events`, 'Where Slack sends everything'],
    Address: [publicUrl, 'Where people reach the enrolment page'],
    ScheduleGroup: [ends.group.scheduleGroupName, 'One schedule per live grant'],
    Queues: [
      stack.toJsonString(Object.fromEntries(queues.map((each) => [each.node.id, each.url]))),
      'Queues of work',
    ],
    DeadLetterQueues: [
      stack.toJsonString(
        Object.fromEntries(deadLetters.map(({ name, queue }) => [name, queue.queueUrl])),
      ),
      'What could not be processed',
    ],
    Settings: [stack.toJsonString(parametersOf(stack)), 'Parameters of this deployment'],
  };
  for (const [name, [value, description]] of Object.entries(outputs))
    new CfnOutput(stack, name, { value, description });
}

/** All of them: whoever makes the app anew has to give them again. `SlackTeamId` is called slackTeamId. */
const parametersOf = (stack: Stack): Record<string, string> =>
  Object.fromEntries(
    stack.node.children
      .filter((each) => each instanceof CfnParameter)
      .map(({ node: { id } }) => [id.charAt(0).toLowerCase() + id.slice(1), Fn.ref(id)]),
  );
