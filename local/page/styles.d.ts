/** Style sheets are bundled by local/page/build.ts; in code they are imported for their effect only. */
declare module '*.css';
