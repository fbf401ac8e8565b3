/** One HTTP request as the API Gateway v2 event a Lambda handler gets, and the handler's answer back as a response. */

export type GatewayEvent = {
  rawPath: string;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
  requestContext: { http: { method: string; path: string } };
};
export type GatewayAnswer = {
  statusCode: number;
  headers?: Readonly<Record<string, string>>;
  body: string;
  isBase64Encoded?: boolean;
};

/** API Gateway hands bodies over in base64 when they are not plain text: here always, so that bytes stay bytes. */
export async function toGatewayEvent(request: Request): Promise<GatewayEvent & { bytes: Buffer }> {
  const bytes = Buffer.from(await request.arrayBuffer());
  const { pathname } = new URL(request.url);
  return {
    rawPath: pathname,
    headers: Object.fromEntries(request.headers.entries()),
    body: bytes.toString('base64'),
    isBase64Encoded: true,
    requestContext: { http: { method: request.method, path: pathname } },
    bytes,
  };
}

export function toResponse(answer: GatewayAnswer): Response {
  const { statusCode, headers = {}, body, isBase64Encoded } = answer;
  const empty = statusCode === 204 || statusCode === 304;
  const content = isBase64Encoded ? Buffer.from(body, 'base64') : body;
  return new Response(empty ? null : content, { status: statusCode, headers });
}
