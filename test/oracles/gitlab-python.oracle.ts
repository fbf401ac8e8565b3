/**
 * The GitLab stand-in as an outside client sees it: python-gitlab, which nobody here wrote, reads, adds, edits, pages and
 * removes against it. What it must see is taken from GitLab's own spec (spec/requests/api/members_spec.rb) and API pages.
 * Needs Python with python-gitlab (Debian: python3-gitlab, or `pip install python-gitlab`); PYTHON names the interpreter.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { serveGitlabStandIn } from '../support/gitlab-stand-in-server.ts';

const python = process.env['PYTHON'] ?? 'python3';
const present = spawnSync(python, ['-c', 'import gitlab'], { stdio: 'ignore' }).status === 0;
if (!present) {
  process.stderr.write(
    `GitLab's outside client is not here, its check is left out: install python3-gitlab, or set PYTHON to an interpreter that has python-gitlab.\n`,
  );
}

(present ? test : test.skip)(
  'python-gitlab finds in the stand-in the GitLab it knows',
  async () => {
    const served = await serveGitlabStandIn();
    try {
      const { stdout } = await promisify(execFile)(python, [
        'test/oracles/gitlab-client.py',
        served.baseUrl,
        served.standIn.token,
      ]);
      const { version: _, ...seen } = z.record(z.string(), z.unknown()).parse(JSON.parse(stdout));
      expect(seen).toEqual({
        me: 'group_9001_bot_hallpass',
        ana: { id: 200101, bot: false },
        places: [8001, 'acme/shop', 9002, 'acme/platform'],
        created: [200101, 30, '2027-01-31'],
        // "returns 409 if member already exists"
        again: [409, 'Member already exists'],
        edited: [40, null],
        // Only direct memberships can be read, edited and removed one by one; `all` shows the effective one.
        inherited: [40, [404, '404 Not found'], [404, '404 Not found'], [404, '404 Not found']],
        // "does not create the member if group level is higher"
        floor: [
          400,
          {
            access_level: [
              'should be greater than or equal to Maintainer inherited membership from group platform',
            ],
          },
        ],
        // "when set to a date in the past"
        past: [400, { expires_at: ['cannot be a date in the past'] }],
        // "returns 400 when access level is not valid", which the spec tries with 25
        level: [400, 'access_level does not have a valid value'],
        // ana and pat here; dee and the token's own user from above
        pages: [4, 4, 2],
        // "deletes member and its sub memberships with skip_subresources=false", the default
        below: [404, '404 Not found'],
      });
    } finally {
      await served.close();
    }
  },
);
