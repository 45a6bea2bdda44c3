import Enforcer from 'openapi-enforcer';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { problems } from '../../src/api/problem-codes.ts';
import { routes } from '../../src/api/routes.ts';
import { openHouse, order, shipped } from './house.ts';

function operations(document: Awaited<ReturnType<typeof openHouse>>['document']) {
  return Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ where: `${method} ${path}`, path, method, operation })));
}

describe('the description of the API', () => {
  test('is open, is OpenAPI 3.1, and is the same each time', async () => {
    const house = await openHouse();
    const first = await house.get('/api/v1/openapi.json', { token: null });
    expect([first.status, first.json.openapi, first.json.info.title]).toEqual([200, '3.1.0', 'Suivi']);
    expect((await house.get('/api/v1/openapi.json', { token: null })).text).toBe(first.text);
  });

  test('has every route of the app in it, and no other', async () => {
    const house = await openHouse();
    const served = house.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations(house.document).map(({ where }) => where).toSorted()).toEqual([...new Set(served)].toSorted());
    expect(served.length).toBe(2 * (routes.length + 1));
  });

  test('leads nowhere where nothing is: every reference and every part of an address is there', async () => {
    const house = await openHouse();
    const text = JSON.stringify(house.document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.length).toBeGreaterThan(20);
    const names = Object.keys(house.document.components.schemas);
    expect([...new Set(references)].filter((reference) => !names.includes(reference.replace('#/components/schemas/', '')))).toEqual([]);
    expect(names.filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
    const parts = operations(house.document).map(({ path, operation }) => [path, operation.parameters?.filter((one) => one.in === 'path').map((one) => one.name) ?? []]);
    expect(parts).toEqual(operations(house.document).map(({ path }) => [path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]));
    expect(operations(house.document).flatMap(({ operation }) => operation.parameters ?? []).filter(({ description }) => (description ?? '') === '')).toEqual([]);
  });

  test('says of every operation what it does, who may, and what may come of it', async () => {
    const house = await openHouse();
    const names = operations(house.document).map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    const incomplete = operations(house.document).flatMap(({ where, path, method, operation }) => {
      const route = routes.find((one) => one.path.replaceAll(/:(\w+)/g, '{$1}') === path && one.method === method);
      const tokened = route?.scope === 'read' || route?.scope === 'write';
      const wanted = ['200', ...(tokened ? ['401', '429', '500', '503'] : []), ...(route?.scope === 'write' ? ['403'] : []), ...(operation.requestBody === undefined ? [] : ['400', '413', '415'])];
      const lacks = wanted.filter((status) => operation.responses[status] === undefined);
      const takesBody = route?.body != null || route?.items != null;
      if (operation.summary === '') lacks.push('summary');
      if (tokened && JSON.stringify(operation.security) !== '[{"bearer":[]}]') lacks.push('security');
      if (takesBody !== (operation.requestBody !== undefined)) lacks.push('body');
      return lacks.map((one) => `${where}: ${one}`);
    });
    expect(incomplete).toEqual([]);
  });

  test('takes what the contract shows, and refuses what it does not name', async () => {
    const house = await openHouse();
    const bodyOf = (path: string, method: string): z.ZodType => {
      const schema = house.document.paths[path]?.[method]?.requestBody?.content['application/json']?.schema;
      return z.fromJSONSchema(JSON.parse(JSON.stringify({ ...schema, $defs: house.document.components.schemas }).replaceAll('#/components/schemas/', '#/$defs/')) as Parameters<typeof z.fromJSONSchema>[0]);
    };
    expect(bodyOf('/api/v1/orders', 'put').safeParse([order('A-1')]).success).toBe(true);
    expect(bodyOf('/api/v1/orders', 'put').safeParse([order('A-1', { tottal: '1' })]).success).toBe(false);
    expect(bodyOf('/api/v1/applied-states', 'post').safeParse([shipped('A-1', { sourceRef: 'x', cancelReason: 'y', refund: { reason: 'z', amount: '1.00' } })]).success).toBe(true);
    expect(bodyOf('/api/v1/applied-states', 'post').safeParse([shipped('A-1', {}, { lines: [{ lineId: 'L1', quantity: 0 }] })]).success).toBe(false);
    expect(bodyOf('/api/v1/syncs/rerun', 'post').safeParse({ status: ['rejected'], since: '2d', reason: 'x', dryRun: true }).success).toBe(true);
  });

  test('names every problem that there is', async () => {
    const house = await openHouse();
    const named = new Set(operations(house.document).flatMap(({ operation }) => Object.values(operation.responses).flatMap(({ description }) => description.split(', '))));
    // These come before a route is found.
    const early = ['nothing-here', 'method-not-allowed', 'bad-request'];
    expect(Object.keys(problems).filter((code) => !named.has(code))).toEqual(early.toSorted((a, b) => Object.keys(problems).indexOf(a) - Object.keys(problems).indexOf(b)));
  });

  test('is taken by a validator, in the words of OpenAPI 3.0 that it knows', async () => {
    const house = await openHouse();
    const [, error] = await Enforcer(older(house.document), { fullResult: true });
    expect(error?.toString() ?? '').toBe('');
  });
});

/** 3.1 says in JSON Schema's words what 3.0 has words of its own for; nothing else differs in what is used here. */
function older(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(older);
  if (typeof part !== 'object' || part === null) return part === '3.1.0' ? '3.0.3' : part;
  const { const: only, identifier: _, ...rest } = part as Record<string, unknown>;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, older(inner)]));
  if ('propertyNames' in copy) delete copy['propertyNames'];
  if (Array.isArray(copy['examples'])) delete copy['examples'];
  // The validator knows no length of a date.
  if (copy['format'] === 'date-time') delete copy['maxLength'];
  if (Array.isArray(copy['type'])) {
    const types = copy['type'].filter((type) => type !== 'null');
    if (types.length < copy['type'].length) copy['nullable'] = true;
    if (types.length === 1) copy['type'] = types[0];
    else return { anyOf: types.map((type: unknown) => ({ type })) };
  }
  return only === undefined ? copy : { ...copy, enum: [only] };
}
