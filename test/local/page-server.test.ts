/** The page's address: a strict policy, files named by content, and plain words where the build failed. */
import { pageServer } from '../../local/page-server.ts';

const files = new Map([
  ['/', { body: '<html>', type: 'text/html; charset=utf-8' }],
  ['/page/app-1.js', { body: 'run()', type: 'text/javascript; charset=utf-8' }],
]);

test('the document may load and call this address only, and is never kept', async () => {
  const answer = await pageServer(async () => files).request('/');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
  expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

test('a file that is named by its content is kept for good; an unknown one is not there', async () => {
  const server = pageServer(async () => files);
  const script = await server.request('/page/app-1.js');
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(script.headers.get('content-type')).toContain('javascript');
  expect((await server.request('/page/app-2.js')).status).toBe(404);
});

test('a build that failed is said in words, with the way out', async () => {
  const server = pageServer(() => Promise.reject(new Error('app.tsx:3:7: no such thing')));
  const answer = await server.request('/');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toMatch(/could not be built[\s\S]*npm ci[\s\S]*app\.tsx:3:7/);
});
