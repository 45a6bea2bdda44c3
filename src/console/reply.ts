import type { Frame } from '../store/views/frame.ts';
import type { Answer, Said } from './answer.ts';
import { encoded } from './assets.ts';
import { coloursPath } from './colours.ts';
import { readCookies, writeCookie } from './cookies.ts';
import type { House } from './house.ts';
import { clientDocument, documentOf } from './layout.ts';
import { missingPage } from './faults.ts';
import { clientHeaders, securityHeaders } from './security.ts';
import { cookieNames } from './serve.ts';
import type { OpenVisit } from './visit.ts';
import { dictionaries } from './words.ts';

/** Makes a response of what a page's function gave back. */
export async function replyTo(visit: OpenVisit, answer: Answer, house: House, accepts: string): Promise<Response> {
  const { secure } = house;
  const headers = new Headers({ ...securityHeaders(secure), 'cache-control': 'no-store', 'content-language': visit.language, 'vary': 'cookie, accept-language, accept-encoding' });
  switch (answer.kind) {
    case 'missing':
      return replyTo(visit, missingPage(visit), house, accepts);
    case 'go': {
      headers.set('location', answer.to);
      for (const cookie of answer.cookies) headers.append('set-cookie', cookie);
      if (answer.said !== null) headers.append('set-cookie', writeCookie(cookieNames.said, Buffer.from(JSON.stringify(answer.said)).toString('base64url'), secure, 60));
      return new Response(null, { status: 303, headers });
    }
    case 'page': {
      if (answer.client !== null) {
        for (const [name, value] of Object.entries({ ...clientHeaders, 'content-language': answer.client })) headers.set(name, value);
        return text(String(await clientDocument(answer, answer.client, house.assets)), 'text/html; charset=utf-8', answer.status, headers, accepts);
      }
      const frame = visit.person === null || answer.bare ? null : await house.ports.reader.view('frame');
      const said = saidIn(visit);
      if (said !== null) headers.append('set-cookie', writeCookie(cookieNames.said, '', secure, 0));
      const document = await documentOf(visit, answer, { assets: house.assets, colours: await coloursOf(frame, house), frame, said });
      return text(String(document), 'text/html; charset=utf-8', answer.status, headers, accepts);
    }
    case 'part':
      return text(String(await answer.body), 'text/html; charset=utf-8', 200, headers, accepts);
    case 'file': {
      headers.set('content-disposition', `attachment; filename="${answer.name.replace(/[^\w.-]/g, '_')}"`);
      if (typeof answer.body === 'string') return text(answer.body, answer.type, 200, headers, accepts);
      headers.set('content-type', answer.type);
      return new Response(streamOf(answer.body), { headers });
    }
    case 'stream':
      headers.set('content-type', 'text/event-stream; charset=utf-8');
      headers.set('x-accel-buffering', 'no');
      return new Response(answer.body, { headers });
  }
}

async function coloursOf(frame: Frame | null, { ports }: House): Promise<string> {
  return coloursPath((frame ?? (await ports.reader.view('frame'))).colours);
}

function text(body: string, type: string, status: number, headers: Headers, accepts: string): Response {
  const { bytes, encoding } = encoded(Buffer.from(body), accepts, 'each');
  headers.set('content-type', type);
  headers.set('content-length', String(bytes.length));
  if (encoding !== null) headers.set('content-encoding', encoding);
  return new Response(bytes, { status, headers });
}

/** What the last action left to be said; whatever else stands there is nothing. */
function saidIn({ cookies, say }: OpenVisit): Said | null {
  const given = readCookies(cookies).get(cookieNames.said);
  if (given === undefined || given === '') return null;
  try {
    const { key, values, tone } = JSON.parse(Buffer.from(given, 'base64url').toString('utf8')) as Said;
    const [page = '', sentence = ''] = key.split('.');
    const known = Object.hasOwn(dictionaries.fr, page) && Object.hasOwn(dictionaries.fr[page] ?? {}, sentence);
    if (!known) return null;
    // What cannot be said with these values is not: the cookie would spoil every page.
    say(key, values);
    return { key, values, tone: tone === 'warn' ? 'warn' : 'done' };
  } catch {
    return null;
  }
}

function streamOf(lines: AsyncIterable<string>): ReadableStream<Uint8Array> {
  return ReadableStream.from(encodedLines(lines));
}

async function* encodedLines(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}
