import { afterAll, describe, expect, test } from 'vitest';
import { routes } from '../../src/console/routes.ts';
import { mayAs, roles } from '../../src/store/people.ts';
import { openHouse } from './house.ts';

const house = await openHouse();
afterAll(() => house.close());

/** An address of the route that leads to nothing: whoever is let in is told that it is not there. */
function addressOf(path: string): string {
  return path.replace(/:\w+/g, '987654321');
}

const guarded = routes.filter((route) => route.least !== 'anybody' && route.kind !== 'stream' && route.path !== '/sign-out');

describe.each(roles)('a %s', (role) => {
  test.each(guarded.map((route) => [route.method, route.path, route.least] as const))('%s %s, which takes a %s', async (method, path, least) => {
    const to = addressOf(path);
    const { status } = method === 'get' ? await house.get(to, role) : await house.post(to, {}, role);
    expect(status !== 403).toBe(least !== 'anybody' && mayAs(role, least));
  });
});

describe('nobody in particular', () => {
  test.each(guarded.map((route) => [route.method, route.path] as const))('%s %s: is led to sign in', async (method, path) => {
    const got = method === 'get' ? await house.get(addressOf(path), null) : await house.post(addressOf(path), {}, null);
    expect(got.status).toBe(303);
    expect(got.location).toMatch(/^\/sign-in/);
  });
});

test('what is not in the table is not there, and a known address takes no other method', async () => {
  expect((await house.get('/nothing', 'viewer')).status).toBe(404);
  expect((await house.post('/', {}, 'admin')).status).toBe(405);
});

test('no line of the table is there twice', () => {
  const lines = routes.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(lines).size).toBe(lines.length);
});
