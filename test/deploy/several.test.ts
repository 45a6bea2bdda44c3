import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { second } from '../../src/runtime/clock.ts';
import { gentle } from '../../src/runtime/shutdown.ts';
import { readEnvironment } from '../../src/settings/environment.ts';

const deploy = fileURLToPath(new URL('../../config/deploy', import.meta.url));
const read = (name: string): string => readFileSync(join(deploy, name), 'utf8');
const dockerfile = read('Dockerfile');
const port = Number(/EXPOSE (\d+)/.exec(dockerfile)?.[1]);
const health = /127\.0\.0\.1:\d+(\/\w+)/.exec(dockerfile)?.[1];

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

/** As docker compose fills them in. */
function filled(text: string): string {
  return text.replace(/\$\{(\w+)(?::\?[^}]*)?\}/g, (_, name: string) => ({ SUIVI_PUBLIC_URL: 'https://suivi.example', SUIVI_SECRET: 'a-secret-of-tests-0123456789-abcdefghijklmnop' })[name] ?? 'p4ssw0rd');
}

describe('compose.yaml', () => {
  const { services, volumes } = parse(read('compose.yaml'), { merge: true }) as { readonly services: Readonly<Record<string, Service>>; readonly volumes: Readonly<Record<string, unknown>> };
  const { database, ...workers } = services;

  test('has one database, which keeps what it holds, and two workers that wait for it', () => {
    expect(Object.keys(workers)).toHaveLength(2);
    expect(database?.volumes).toEqual([expect.stringMatching(/^database:/)]);
    expect(Object.keys(volumes)).toEqual(['database']);
    expect(database?.healthcheck?.test).toContain('pg_isready');
    for (const worker of Object.values(workers)) expect(worker.depends_on).toEqual({ database: { condition: 'service_healthy' } });
  });

  test('builds the image that is described beside it', () => {
    for (const { build } of Object.values(workers)) {
      const context = resolve(deploy, build?.context ?? '');
      expect(existsSync(join(context, 'package-lock.json'))).toBe(true);
      expect(resolve(context, build?.dockerfile ?? '')).toBe(join(deploy, 'Dockerfile'));
    }
  });

  test('gives all workers settings that Suivi reads, one database and one secret, and asks for what has no usual value', () => {
    const given = Object.values(workers).map(({ environment }) => Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)])));
    for (const one of given) {
      const opened = readEnvironment(one);
      expect(opened).toMatchObject({ environment: { SUIVI_DATABASE_URL: { kind: 'postgres' } }, notices: [] });
      const url = new URL(one['SUIVI_DATABASE_URL'] ?? '');
      expect([url.hostname in services, url.username, url.password, url.pathname]).toEqual([true, database?.environment['POSTGRES_USER'], filled(database?.environment['POSTGRES_PASSWORD'] ?? ''), `/${database?.environment['POSTGRES_DB']}`]);
    }
    expect(given[0]).toEqual(given[1]);
    for (const name of ['SUIVI_SECRET', 'SUIVI_PUBLIC_URL']) expect(Object.values(workers)[0]?.environment[name]).toMatch(/\$\{\w+:\?/);
  });

  test('lets what is under way end, and shows each worker to this machine alone, at a port of its own', () => {
    for (const worker of Object.values(workers)) expect(Number.parseInt(worker.stop_grace_period, 10) * second).toBeGreaterThan(gentle);
    const ports = Object.values(workers).map((worker) => worker.ports?.[0] ?? '');
    expect(new Set(ports).size).toBe(2);
    for (const one of ports) expect(one).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+:${port}$`));
    expect(database?.ports).toBeUndefined();
  });
});

describe('kubernetes.yaml', () => {
  const documents = parseAllDocuments(read('kubernetes.yaml')).map((document) => document.toJS() as { readonly kind: string; readonly spec: unknown });
  const text = read('kubernetes.yaml');
  interface Probe {
    httpGet: { path: string; port: string };
  }
  interface Deployment { replicas: number; selector: { matchLabels: object }; strategy: { rollingUpdate: { maxUnavailable: number } }; template: { metadata: { labels: object }; spec: { terminationGracePeriodSeconds: number; containers: { image: string; envFrom: { secretRef: { name: string } }[]; env: { name: string; value: string }[]; ports: { name: string; containerPort: number }[]; livenessProbe: Probe; readinessProbe: Probe; startupProbe: Probe; volumeMounts: { name: string; mountPath: string }[] }[]; volumes: { name: string; configMap: { name: string } }[] } } }
  const specs = Object.fromEntries(documents.map(({ kind, spec }) => [kind, spec])) as { Deployment: Deployment; Service: { selector: object; ports: { targetPort: string }[] }; PodDisruptionBudget: { selector: { matchLabels: object } } };
  const deployment = specs.Deployment;
  const [worker] = deployment.template.spec.containers;

  test('parses without a fault, and all its parts mean the same workers', () => {
    expect(parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
    const labels = deployment.template.metadata.labels;
    expect(deployment.replicas).toBe(2);
    expect(deployment.selector.matchLabels).toEqual(labels);
    expect(specs.Service.selector).toEqual(labels);
    expect(specs.PodDisruptionBudget.selector.matchLabels).toEqual(labels);
  });

  test('asks what Suivi answers, at the port that the image has', () => {
    expect(worker?.ports).toEqual([{ name: 'http', containerPort: port }]);
    expect([worker?.livenessProbe.httpGet.path, worker?.startupProbe.httpGet.path, worker?.readinessProbe.httpGet.path]).toEqual([health, health, '/readyz']);
    for (const probe of [worker?.livenessProbe, worker?.readinessProbe, worker?.startupProbe]) expect(probe?.httpGet.port).toBe('http');
    expect(specs.Service.ports[0]?.targetPort).toBe('http');
  });

  test('takes its settings from what its first lines say to make', () => {
    expect(worker?.envFrom.map((from) => from.secretRef.name)).toEqual(['suivi']);
    expect(text).toContain('create secret generic suivi ');
    expect(text).toContain(`create configmap ${deployment.template.spec.volumes[0]?.configMap.name} `);
    expect(worker?.volumeMounts[0]?.mountPath).toBe(/SUIVI_CONFIG_DIR=(\S+)/.exec(dockerfile)?.[1]);
    const named = [...text.matchAll(/SUIVI_[A-Z_]+/g)].map(([name]) => name);
    const values = { SUIVI_DATABASE_URL: 'postgres://suivi:x@db:5432/suivi', SUIVI_SECRET: 'a-secret-of-tests-0123456789-abcdefghijklmnop', SUIVI_PUBLIC_URL: worker?.env[0]?.value ?? '' };
    expect(new Set(named)).toEqual(new Set(Object.keys(values)));
    expect(readEnvironment(values)).toMatchObject({ environment: {}, notices: [] });
  });

  test('lets what is under way end, and never takes all workers away at once', () => {
    expect(deployment.template.spec.terminationGracePeriodSeconds * second).toBeGreaterThan(gentle);
    expect(deployment.strategy.rollingUpdate.maxUnavailable).toBe(0);
  });
});

test('README of the folder names both', () => {
  const readme = read('README.md');
  for (const name of ['compose.yaml', 'kubernetes.yaml']) {
    expect(readme).toContain(name);
    expect(existsSync(join(deploy, name))).toBe(true);
  }
});
