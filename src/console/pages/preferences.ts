import { go } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { writeCookie } from '../cookies.ts';
import { localPath } from '../security.ts';
import { cookieNames, languageOf, themeOf } from '../serve.ts';
import type { OpenVisit } from '../visit.ts';

/** POST /preferences: language and theme of this browser. */
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
  return go(localPath(form.text('back')), null, cookies);
}
