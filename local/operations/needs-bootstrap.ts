/** Why a run of cdk failed, told by what it complained about. */
export type CdkRun = { readonly code: number; readonly complaint: string };

/** CDK's way of saying that an account and region were never prepared. */
export const needsBootstrap = ({ code, complaint }: CdkRun): boolean =>
  code !== 0 &&
  /has the environment been bootstrapped|cdk-bootstrap\/\w+\/version not found/i.test(complaint);
