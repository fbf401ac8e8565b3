/** The CDK app: run by `npm run synth` and `npx cdk deploy`, after infra/build.ts (cdk.json). Needs no account and no look-up. */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { HallpassDataStack } from './data-stack.ts';
import { HallpassStack } from './hallpass-stack.ts';

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
const data = new HallpassDataStack(app, 'HallpassData');
new HallpassStack(app, 'Hallpass', { builtFolder: join(import.meta.dirname, 'dist'), data });
