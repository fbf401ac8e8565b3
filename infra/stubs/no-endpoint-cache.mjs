/**
 * Stands in the Lambda bundles for the cache of discovered endpoints, which the DynamoDB client makes at its start and never uses:
 * discovery is off. Whoever turns it on gets an error at the first call, never a wrong endpoint.
 */
const unused = () => {
  throw new Error('endpoint discovery is left out of the Lambda bundle (infra/bundle.ts)');
};

export class EndpointCache {
  getEndpoint = unused;
  get = unused;
  set = unused;
  has = unused;
  delete = unused;
  clear = unused;
}
