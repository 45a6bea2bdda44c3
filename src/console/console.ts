import { Hono } from 'hono';
import type { Context } from 'hono';
import { assetsAt, encoded, loadAssets } from './assets.ts';
import { coloursPath, coloursSheet } from './colours.ts';
import { readCookies, writeCookie } from './cookies.ts';
import { createJobs } from './background.ts';
import { createFormSeal } from './csrf.ts';
import { missingPage, notAllowedPage, ownFaultPage } from './faults.ts';
import type { Browsers, House } from './house.ts';
import { createLive } from './live.ts';
import { clientFaultPage } from './pages/customer.ts';
import { createOnce } from './once.ts';
import type { ConsolePorts } from './ports.ts';
import { replyTo } from './reply.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { securityHeaders } from './security.ts';
import { answerTo, cookieNames, visitOf } from './serve.ts';
import { createSignIn } from './sign-in/sign-in.ts';
import { createTries } from './sign-in/tries.ts';

/** What stands at `/` beside the API. */
export interface Console {
  fetch(request: Request, env?: unknown): Response | Promise<Response>;
  /** Resolves once nothing that outlasted its answer is still done. */
  idle(): Promise<void>;
}

/** The console. What is not in its table of routes is not there. */
export function createConsole(ports: ConsolePorts): Console {
  const { context, reader, clock, log, keys, stop, publicUrl } = ports;
  const secure = publicUrl.startsWith('https:');
  const jobs = createJobs(log, stop);
  const house: House = {
    ports,
    background: jobs.background,
    startedAt: clock.now(),
    signIn: createSignIn({ db: ports.people.db, kind: ports.people.kind, publicUrl, keys, clock, log }),
    tries: createTries(),
    once: createOnce(),
    seal: createFormSeal(keys, context.audit.random),
    live: createLive(reader, clock, log, stop),
    assets: loadAssets(),
    least: new Map(routes.map(({ method, path, least }) => [`${method} ${path}`, least])),
    secure,
    browsers: browsersIn(ports),
  };
  const app = new Hono();
  app.get(`${assetsAt}:name`, (c) => assetReply(c, house));
  for (const route of routes) app.on(route.method.toUpperCase(), route.path, (c) => serve(c, route, house));
  for (const path of new Set(routes.map((route) => route.path))) app.all(path, async (c) => sent(c, house, notAllowedPage));
  app.notFound(async (c) => sent(c, house, missingPage));
  app.onError((error, c) => {
    log.error('a page could not be answered at all', { path: c.req.path, error });
    return new Response('Suivi', { status: 500, headers: securityHeaders(secure) });
  });
  return { fetch: (request, env) => app.fetch(request, env), idle: () => jobs.idle() };
}

async function serve(c: Context, route: Route, house: House): Promise<Response> {
  const { ports } = house;
  const began = ports.clock.monotonic();
  let reply: Response;
  let author = '';
  try {
    const { visit, answer } = await answerTo(c, route, house);
    author = visit.person?.name ?? '';
    reply = await replyTo(visit, answer, house, c.req.header('accept-encoding') ?? '');
  } catch (error) {
    const fields = { method: route.method, path: route.path };
    if (route.kind === 'client') return unmarked(c, house, (visit) => clientFaultPage(visit, ownFaultPage(visit, error, ports, fields).status));
    reply = await sent(c, house, (visit) => ownFaultPage(visit, error, ports, fields));
  }
  // Whoever asks for the head alone reads nothing: what would stream has nobody to end it.
  if (c.req.method === 'HEAD') await reply.body?.cancel();
  const fields = { method: route.method, path: route.path, author, httpStatus: reply.status, ms: Math.round(ports.clock.monotonic() - began) };
  if (route.kind === 'action') ports.log.info('a form of the console was answered', fields);
  else ports.log.debug('a page was answered', fields);
  return route.kind === 'client' ? reply : marked(c, house, reply);
}

/** An answer that no route gave. */
async function sent(c: Context, house: House, pageFor: (visit: Awaited<ReturnType<typeof visitOf>>['visit']) => Parameters<typeof replyTo>[1]): Promise<Response> {
  return marked(c, house, await unmarked(c, house, pageFor));
}

async function unmarked(c: Context, house: House, pageFor: (visit: Awaited<ReturnType<typeof visitOf>>['visit']) => Parameters<typeof replyTo>[1]): Promise<Response> {
  const { visit } = await visitOf(c, house);
  return replyTo(visit, pageFor(visit), house, c.req.header('accept-encoding') ?? '');
}

/** A browser that is shown its first form is given its mark. */
function marked(c: Context, { browsers, secure }: House, reply: Response): Response {
  const fresh = browsers.fresh(c);
  if (fresh !== null && !(reply.headers.getSetCookie().some((cookie) => cookie.startsWith(`${cookieNames.browser}=`)))) reply.headers.append('set-cookie', writeCookie(cookieNames.browser, fresh, secure, 365 * 86_400));
  return reply;
}

function browsersIn({ context }: ConsolePorts): Browsers {
  const made = new WeakMap<Request, string>();
  const known = (c: Context): string | null => /^[\w-]{22}$/.exec(readCookies(c.req.header('cookie')).get(cookieNames.browser) ?? '')?.[0] ?? null;
  return {
    of(c) {
      const mark = known(c) ?? made.get(c.req.raw) ?? Buffer.from(context.audit.random.bytes(16)).toString('base64url');
      if (known(c) === null) made.set(c.req.raw, mark);
      return mark;
    },
    fresh: (c) => made.get(c.req.raw) ?? null,
  };
}

async function assetReply(c: Context, house: House): Promise<Response> {
  const path = new URL(c.req.url).pathname;
  const asset = house.assets.find(path);
  const accepts = c.req.header('accept-encoding') ?? '';
  if (asset === null && !path.startsWith(`${assetsAt}colours.`)) return sent(c, house, missingPage);
  const { colours } = asset === null ? await house.ports.reader.view('frame') : { colours: [] };
  const { bytes, encoding } = encoded(asset?.bytes ?? Buffer.from(coloursSheet(colours)), accepts, asset === null ? 'each' : 'once');
  // Colours that have changed since the page was made are given as they are now, and not kept.
  const lasting = asset !== null || coloursPath(colours) === path;
  return new Response(bytes, {
    headers: {
      ...securityHeaders(house.secure),
      'content-type': asset?.type ?? 'text/css; charset=utf-8',
      'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-store',
      'content-length': String(bytes.length),
      'vary': 'accept-encoding',
      ...(encoding === null ? {} : { 'content-encoding': encoding }),
    },
  });
}
