import type { Context } from '../context.ts';

/** What a view of the database reads from. It writes nothing. */
export type ViewContext = Pick<Context, 'store' | 'profiles' | 'timeZone'>;
