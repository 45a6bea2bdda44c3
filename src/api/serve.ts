import type { Context } from 'hono';
import { z } from 'zod';
import { pickLanguage } from '../language/pick-language.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { isStorageTrouble } from '../store/trouble.ts';
import type { Gate } from './bearer.ts';
import { readBody } from './body.ts';
import { callerOf } from './caller.ts';
import type { ApiPorts } from './ports.ts';
import { Problem, problemReply } from './problem.ts';
import { Reply, responseOf } from './reply.ts';
import { mostItems } from './route.ts';
import type { Call, Route } from './route.ts';
import { readShape, typeOf } from './shape-faults.ts';
import { repeatable } from './shapes/filters.ts';

/** How a request goes through a route: let in, read, handled, answered. What goes wrong is answered too; nothing is thrown. */
export function serve(route: Route, gate: Gate, ports: ApiPorts): (c: Context) => Promise<Response> {
  const { clock } = ports;
  return async (c) => {
    const language = languageOf(c);
    const began = clock.monotonic();
    let author = '';
    let reply: Reply;
    try {
      const call = await read(c, route, gate, ports, language);
      if (!(call instanceof Problem)) ({ author } = call);
      const result = call instanceof Problem ? call : await route.handle(call);
      reply = result instanceof Problem ? problemReply(result, language) : result instanceof Reply ? result : new Reply(200, 'application/json', JSON.stringify(result));
    } catch (error) {
      reply = problemReply(ownFault(error, ports, { method: route.method, path: route.path }), language);
    }
    const fields = { method: route.method, path: route.path, author, httpStatus: reply.status, ms: Math.round(clock.monotonic() - began) };
    if (route.scope === 'write' && author !== '') ports.log.info('an API request was answered', fields);
    else ports.log.debug('an API request was answered', fields);
    return responseOf(reply, language);
  };
}

export function languageOf(c: Context): Language {
  return pickLanguage(c.req.header('accept-language'));
}

/** A fault of our own, or of the disk: what it was stands in the log, under an id that the caller is told. */
export function ownFault(error: unknown, { context, log }: ApiPorts, fields: Readonly<Record<string, string>>): Problem {
  const fault = Buffer.from(context.audit.random.bytes(6)).toString('hex');
  const storage = isStorageTrouble(error);
  log.error(storage ? 'the database did not take what an API request asked for' : 'an API request met a fault of our own', { ...fields, fault, error });
  return storage ? new Problem('store-unavailable', { values: { fault }, headers: { 'retry-after': '5' } }) : new Problem('own-fault', { values: { fault } });
}

type AnyCall = Call<unknown, unknown, unknown>;

async function read(c: Context, route: Route, gate: Gate, ports: ApiPorts, language: Language): Promise<AnyCall | Problem> {
  const caller = callerOf(c);
  const needsToken = route.scope === 'read' || route.scope === 'write' || (route.scope === 'local' && !caller.local);
  // On an open route a token is looked at only where somebody sends one.
  const bearer = needsToken || (caller.authorization !== undefined && route.scope === 'local') ? await gate.admit(caller, route.scope === 'write' ? 'write' : 'read') : null;
  if (bearer instanceof Problem) return bearer;
  const query = route.query === null ? { value: {} } : readShape(route.query, queryOf(c));
  if ('faults' in query) return new Problem('wrong-parameters', { errors: query.faults });
  const sent = await readSent(c, route);
  if (sent instanceof Problem) return sent;
  return {
    ports,
    language,
    now: ports.clock.now(),
    author: bearer === null ? '' : `api/${bearer.name}`,
    trusted: bearer !== null || caller.local,
    part: (name) => c.req.param(name) ?? '',
    query: query.value,
    failed: (error) => void ownFault(error, ports, { method: route.method, path: route.path }),
    ...sent,
  };
}

async function readSent(c: Context, route: Route): Promise<Pick<AnyCall, 'body' | 'items'> | Problem> {
  if (route.body === null && route.items === null) return { body: undefined, items: [] };
  const read = await readBody(c.req);
  if (read instanceof Problem) return read;
  const json = read.json === undefined && route.bodyOptional ? {} : read.json;
  if (json === undefined) return new Problem('body-missing');
  if (route.items === null) {
    const body = readShape(route.body ?? z.never(), json);
    return 'faults' in body ? new Problem('malformed', { errors: body.faults }) : { body: body.value, items: [] };
  }
  if (!Array.isArray(json)) return new Problem('not-a-list', { values: { found: typeOf(json) } });
  if (json.length > mostItems) return new Problem('too-many-items', { values: { limit: mostItems, found: json.length } });
  const { items } = route;
  return { body: undefined, items: json.map((item) => readShape(items, item)) };
}

/** The parameters. One that is given empty (`?status=`) is not given; one that is repeated and must not be is a list, which its schema refuses. */
function queryOf(c: Context): Record<string, unknown> {
  const { searchParams } = new URL(c.req.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].flatMap((key): [string, unknown][] => {
      const values = searchParams.getAll(key).filter((value) => value !== '');
      if (values.length === 0) return [];
      return [[key, values.length === 1 ? values[0] : repeatable.includes(key) ? values.join(',') : values]];
    }),
  );
}
