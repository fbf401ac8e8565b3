/** What a browser shows at the local address: what runs here and what to try first. The rest is in the README. */
export function startPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hallpass, local</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
code { font-family: ui-monospace, monospace; }
</style>
</head>
<body>
<main>
<h1>Hallpass runs here</h1>
<p>The whole bot, on embedded parts, on this machine only. <code>npm run demo</code> plays the main story in the terminal.</p>
<ul>
<li><a href="/_local/personas">Ana, Bo, Cy and Dee</a>, with the code each authenticator shows now</li>
<li><a href="/_slack/state">Slack as everybody sees it</a>: messages, ephemerals, open modals</li>
<li><a href="/_local/state">The journal and the provider</a>: requests, holdings, schedules, team members, audit events</li>
<li><a href="/_local/clock">The clock</a>: <code>curl -d '{"advance":"2h"}' http://127.0.0.1:3000/_local/clock</code> pushes it</li>
</ul>
</main>
</body>
</html>
`;
}
