import { Hono } from 'hono';
import type { Context } from 'hono';
import { createGate } from './bearer.ts';
import { base } from './base.ts';
import { describe, openApiDocument } from './openapi.ts';
import type { ApiPorts } from './ports.ts';
import { Problem, problemReply } from './problem.ts';
import { Reply, responseOf } from './reply.ts';
import { routes } from './routes.ts';
import { route } from './route.ts';
import type { Route } from './route.ts';
import { languageOf, ownFault, serve } from './serve.ts';
import { z } from 'zod';

/**
 * The HTTP API with health, readiness and metrics, as an app that may stand alone or be mounted at `/` beside others:
 * it answers below `/api` and at its own three addresses, and touches nothing else.
 */
export function createApi(ports: ApiPorts): Hono {
  const app = new Hono();
  const gate = createGate(ports);
  const table = [...routes, documentRoute(app)];
  for (const line of table) app.on(line.method.toUpperCase(), line.path, describe(line), serve(line, gate, ports));

  // What is here, but not with this method; then what is not here.
  for (const [path, lines] of Map.groupBy(table, (line) => line.path)) app.all(path, (c) => sent(c, notAllowed(lines)));
  for (const path of ['/api', '/api/*']) app.all(path, (c) => sent(c, nothingHere));
  app.notFound((c) => sent(c, nothingHere));
  app.onError((error, c) => sent(c, ownFault(error, ports, { method: c.req.method })));
  return app;
}

const nothingHere = new Problem('nothing-here');

function notAllowed(lines: readonly Route[]): Problem {
  const allow = [...new Set(lines.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])))].join(', ');
  return new Problem('method-not-allowed', { values: { allow }, headers: { allow } });
}

function sent(c: Context, problem: Problem): Response {
  const language = languageOf(c);
  return responseOf(problemReply(problem, language), language);
}

/** The description of the API describes itself too. */
function documentRoute(app: Hono): Route {
  let document: Promise<string> | null = null;
  return route({
    method: 'get',
    path: `${base}/openapi.json`,
    scope: 'open',
    operation: 'openapi',
    summary: 'This description, as OpenAPI 3.1',
    answer: z.record(z.string(), z.unknown()),
    async handle() {
      document ??= openApiDocument(app).then((made) => JSON.stringify(made));
      return new Reply(200, 'application/json', await document);
    },
  });
}
