/** Where the page begins: puts the application into the document that local/page/build.ts wrote. */
import './no-code-from-text.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './theme/tokens.css';
import './theme/layout.css';
import './clock/clock.css';
import './faults/faults.css';
import './around/around.css';
import './phones/phones.css';
import './tour/tour.css';
import './xray/xray.css';
import './xray/rows.css';

const root = document.getElementById('root');
if (root === null) throw new Error('The document has no #root to draw into.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
