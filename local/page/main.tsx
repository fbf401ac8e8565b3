/** Where the page begins: puts the application into the document that local/page/build.ts wrote. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { App } from './app.tsx';
import './theme/tokens.css';
import './theme/layout.css';
import './clock/clock.css';
import './faults/faults.css';
import './phones/phones.css';
import './tour/tour.css';
import './xray/xray.css';
import './xray/rows.css';

// The page's policy forbids code made from text, which zod would otherwise try for speed.
z.config({ jitless: true });
const root = document.getElementById('root');
if (root === null) throw new Error('The document has no #root to draw into.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
