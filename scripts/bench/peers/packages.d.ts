// The parts of the peers that are used here, so that everything is type-checked where they are not installed.

declare module 'graphile-worker' {
  interface Preset {
    readonly worker: {
      readonly connectionString: string;
      readonly concurrentJobs: number;
      readonly maxPoolSize: number;
      readonly pollInterval: number;
      readonly localQueue?: { readonly size: number; readonly refetchDelay?: { readonly durationMs: number } };
      readonly completeJobBatchDelay?: number;
      readonly failJobBatchDelay?: number;
    };
  }
  interface Log {
    info(message: string): void;
  }
  export const Logger: new (factory: () => () => void) => Log;
  export function runMigrations(options: { readonly preset: Preset; readonly logger: Log }): Promise<void>;
  export function makeWorkerUtils(options: { readonly pgPool: unknown; readonly logger: Log }): Promise<{
    addJob(identifier: string, payload: unknown): Promise<unknown>;
    addJobs(specs: readonly { readonly identifier: string; readonly payload: unknown }[]): Promise<unknown>;
    release(): Promise<void>;
  }>;
  export function runTaskList(options: { readonly preset: Preset; readonly logger: Log; readonly noHandleSignals: boolean }, tasks: Readonly<Record<string, (payload: unknown) => void>>, pool: unknown): { gracefulShutdown(): Promise<void> };
}

declare module 'pg-boss' {
  export class PgBoss {
    constructor(options: { readonly connectionString: string; readonly max: number; readonly useListenNotify: boolean; readonly schedule: boolean });
    on(event: 'error', listener: (error: Error) => void): this;
    start(): Promise<unknown>;
    stop(options: { readonly graceful: boolean }): Promise<unknown>;
    createQueue(name: string, options: { readonly notify: boolean }): Promise<void>;
    insert(name: string, jobs: readonly { readonly data: unknown }[]): Promise<unknown>;
    send(name: string, data: unknown): Promise<unknown>;
    work(name: string, options: { readonly batchSize: number; readonly localConcurrency: number; readonly burstWhenBatchFull: boolean; readonly pollingIntervalSeconds: number }, work: (jobs: readonly { readonly data: { readonly job: number } }[]) => Promise<void>): Promise<unknown>;
    offWork(name: string): Promise<unknown>;
  }
}

declare module 'plainjob' {
  interface Logger {
    error(): void;
    warn(): void;
    info(): void;
    debug(): void;
  }
  interface Queue {
    add(type: string, job: unknown): unknown;
    addMany(type: string, jobs: readonly unknown[]): unknown;
    close(): void;
  }
  export function better(database: unknown): unknown;
  export function defineQueue(options: { readonly connection: unknown; readonly logger: Logger }): Queue;
  export function defineWorker(type: string, work: (job: { readonly data: string }) => Promise<void>, options: { readonly queue: Queue; readonly logger: Logger; readonly pollIntervall: number }): { start(): unknown; stop(): Promise<void> };
}

declare module 'bullmq' {
  interface Backend {
    readonly name?: string;
  }
  type Connection = { readonly host: string; readonly port: number; readonly maxRetriesPerRequest: null } | { readonly connectionString: string; readonly max: number };
  interface Job {
    readonly data: { readonly job: number };
  }
  export function createPostgresBackend(): Backend;
  export function runMigrations(client: unknown): Promise<unknown>;
  export class Queue {
    constructor(name: string, options: { readonly connection: Connection; readonly defaultJobOptions: { readonly removeOnComplete: boolean } }, backend?: unknown);
    on(event: 'error', listener: (error: Error) => void): this;
    add(name: string, data: unknown): Promise<unknown>;
    addBulk(jobs: readonly { readonly name: string; readonly data: unknown }[]): Promise<unknown>;
    close(): Promise<void>;
  }
  export class Worker {
    constructor(name: string, work: (job: Job) => Promise<void>, options: { readonly connection: Connection; readonly concurrency: number }, backend?: unknown);
    on(event: 'error', listener: (error: Error) => void): this;
    waitUntilReady(): Promise<unknown>;
    close(): Promise<void>;
  }
}
