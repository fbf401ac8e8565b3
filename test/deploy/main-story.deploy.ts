/**
 * The product as AWS runs it, from an empty account to an empty account: both stacks deployed by the commands of docs/deployment.md into an
 * emulator, every function behind its own role, and the main story from a signed Slack request to a verified removal. Nothing is
 * reached into but by APIs that an operator has too.
 */
import { accessSteps } from './access-steps.ts';
import { againSteps } from './again-steps.ts';
import { deploySteps } from './deploy-steps.ts';
import { doctorSteps } from './doctor-steps.ts';
import { evidenceSteps } from './evidence-steps.ts';
import { before, closeWorld, openWorld, step } from './stage.ts';

afterAll(closeWorld);

step('an AWS that nobody here wrote, with IAM switched on, and the world outside it', async () => {
  await openWorld();
  return `the team has ${before.join(', ')}`;
});
deploySteps();
accessSteps();
evidenceSteps();
doctorSteps();
againSteps();
