import { readCookies, writeCookie } from './cookies.ts';

/** Whoever has it is shown the trial, while one runs; it opens nothing by itself: sign-in and roles are the same there. */
const cookie = 'suivi_trial';

/** Pages about people, and about beginning and leaving, are never the trial's: it has no people of its own. */
const apart = /^\/(?:sign-in|sign-out|join|preferences|people|profile|trial)(?:\/|$)|^\/accounts\/connect$/;

/** Whether a request is the trial's to answer. */
export function isOfTrial(request: Request): boolean {
  return !apart.test(plain(new URL(request.url).pathname)) && readCookies(request.headers.get('cookie') ?? undefined).has(cookie);
}

/** As the routes will read it: `/%70eople` is the people's page. */
function plain(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The cookie that leads a browser into the trial, until it is closed. */
export function enterTrial(secure: boolean): string {
  return writeCookie(cookie, '1', secure, null);
}

export function leaveTrial(secure: boolean): string {
  return writeCookie(cookie, '', secure, 0);
}
