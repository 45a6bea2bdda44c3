import { html, raw } from 'hono/html';

/** A piece of a page. What is put into it is text, and escaped; another piece stays what it is. */
export type Html = ReturnType<typeof html>;

export { html, raw };

/** Nothing, where a piece is wanted. */
export const none: Html = raw('');
