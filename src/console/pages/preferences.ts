import { go } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { writeCookie } from '../cookies.ts';
import { localPath } from '../security.ts';
import { cookieNames, languageOf, themeOf } from '../serve.ts';
import type { OpenVisit } from '../visit.ts';

/** POST /preferences: language, theme and shortcuts of this browser. */
export function prefer({ form, ports }: OpenVisit): Answer {
  const secure = ports.publicUrl.startsWith('https:');
  const cookies: string[] = [];
  const year = 365 * 86_400;
  const language = languageOf(form.text('language'));
  if (language !== null) cookies.push(writeCookie(cookieNames.language, language, secure, year));
  if (form.has('theme')) {
    const theme = themeOf(form.text('theme'));
    cookies.push(writeCookie(cookieNames.theme, theme ?? '', secure, theme === null ? 0 : year));
  }
  if (form.has('shortcuts')) cookies.push(writeCookie(cookieNames.shortcuts, form.text('shortcuts') === 'off' ? 'off' : '', secure, form.text('shortcuts') === 'off' ? year : 0));
  return go(localPath(form.text('back')), null, cookies);
}
