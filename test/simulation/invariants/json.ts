import * as z from 'zod';
export const Json = z.json();
