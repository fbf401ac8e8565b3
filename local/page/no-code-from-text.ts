/** Imported before any schema is made: the page's policy forbids code made from text, which zod would else try for speed. */
import * as z from 'zod';

z.config({ jitless: true });
