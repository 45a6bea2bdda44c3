import type { Hono } from 'hono';
import { describeRoute, generateSpecs, resolver } from 'hono-openapi';
import type { DescribeRouteOptions } from 'hono-openapi';
import { z } from 'zod';
import { problems } from './problem-codes.ts';
import type { ProblemCode } from './problem-codes.ts';
import { mostItems } from './route.ts';
import type { Route } from './route.ts';
import { problemShape } from './shapes/faults.ts';

/** What any request may be answered with, whatever its route. */
const always: readonly ProblemCode[] = ['own-fault', 'store-unavailable'];
const withToken: readonly ProblemCode[] = ['token-missing', 'token-refused', 'too-many-guesses'];
const withBody: readonly ProblemCode[] = ['broken-json', 'not-utf8', 'nested-too-deep', 'too-many-values', 'body-missing', 'body-cut', 'body-too-large', 'not-json', 'encoded-body'];

/** Says of one route, in the words of OpenAPI, what its line of the table says. */
export function describe(route: Route) {
  const body = route.items === null ? route.body : z.array(route.items).max(mostItems);
  return describeRoute({
    operationId: route.operation,
    summary: route.summary,
    description: route.description,
    security: route.scope === 'open' ? [] : route.scope === 'local' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    parameters: parametersOf(route),
    ...(body === null ? {} : { requestBody: { required: !route.bodyOptional, content: { 'application/json': { schema: resolver(body) } } } }),
    responses: { ...problemsOf(route), ...Object.fromEntries([200, ...route.alsoWith].map((status) => [status, answerOf(route)])) },
  });
}

function parametersOf({ parts, query }: Route): NonNullable<DescribeRouteOptions['parameters']> {
  const ofQuery = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { $schema: _, description, ...schema } = z.toJSONSchema(field as z.ZodType, { io: 'input' });
    return { in: 'query', name, required: false, description: description ?? name, schema };
  });
  const ofPath = Object.entries(parts).map(([name, description]) => ({ in: 'path', name, required: true, description, schema: { type: 'string' } }));
  return [...ofPath, ...ofQuery] as NonNullable<DescribeRouteOptions['parameters']>;
}

function answerOf({ answer, summary }: Route) {
  if (answer === null) return { description: summary, content: { 'text/plain': { schema: { type: 'string' as const } } } };
  return { description: summary, content: { 'application/json': { schema: resolver(answer) } } };
}

/** Problems, gathered by their status. */
function problemsOf(route: Route) {
  const codes: ProblemCode[] = [...route.problems];
  if (route.scope !== 'open') codes.push(...withToken);
  if (route.scope === 'write') codes.push('token-may-not');
  if (route.query !== null) codes.push('wrong-parameters');
  if (route.items !== null) codes.push(...withBody, 'not-a-list', 'too-many-items');
  if (route.body !== null) codes.push(...withBody, 'malformed');
  if (route.operation !== 'healthz') codes.push(...always);
  const byStatus = Map.groupBy(new Set(codes), (code) => problems[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [status, { description: of.join(', '), content: { 'application/problem+json': { schema: resolver(problemShape) } } }]),
  );
}

const documentation = {
  openapi: '3.1.0',
  info: {
    title: 'Suivi',
    version: '1',
    description: [
      'Order states, and the syncs that keep marketplaces in step with them.',
      'Every moment in an answer is ISO 8601 in UTC. Accept-Language chooses French or English for messages; codes never change.',
      'Problems are RFC 9457 documents, whose type is urn:suivi:problem: and a code. Members that are not described are refused by name.',
    ].join('\n\n'),
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  components: { securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer', description: 'A token made by “suivi tokens create NAME --scope read|write”' } } },
};

/** The document: made of the table of routes when it is first asked for. */
export async function openApiDocument(app: Hono): Promise<object> {
  return generateSpecs(app, { documentation, excludeStaticFile: false });
}
