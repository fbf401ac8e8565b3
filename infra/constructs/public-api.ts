/**
 * The two addresses that the internet may call. No authorizer stands in front: Slack's requests carry a signature and the
 * enrolment page a single-use token, both checked by the function before anything else. Throttled, since anybody may knock.
 * The access log names the route, never the path: the path of the enrolment page holds its token.
 */
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';

const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

export class PublicApi extends Construct {
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id);
    this.#api = new HttpApi(this, 'Api', {
      apiName: `Hallpass-${stage.name}`,
      description: 'Hallpass: Slack events and the enrolment page',
      createDefaultStage: false,
    });
    const log = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: stage.removalPolicy,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.#api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
  }

  /** The public address, without a trailing slash. */
  get url(): string {
    return this.#api.apiEndpoint;
  }

  slackEvents(handler: IFunction): void {
    this.#route('slack', '/slack/events', [HttpMethod.POST], handler);
  }

  enrolmentPage(handler: IFunction): void {
    this.#route('enroll', '/enroll/{token}', [HttpMethod.GET, HttpMethod.POST], handler);
  }

  #route(id: string, path: string, methods: HttpMethod[], handler: IFunction): void {
    const integration = new HttpLambdaIntegration(id, handler);
    for (const route of this.#api.addRoutes({ path, methods, integration })) {
      acknowledge(route, {
        finding: 'APIG4',
        reason:
          'The function itself authenticates: Slack signature, or a single-use enrolment token',
        lookAgain: '2027-06',
      });
    }
  }
}
