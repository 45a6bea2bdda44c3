import type { Route } from './route.ts';
import { accountRoutes } from './routes/accounts.ts';
import { appliedStateRoutes } from './routes/applied-states.ts';
import { listRoutes } from './routes/lists.ts';
import { orderRoutes } from './routes/orders.ts';
import { parcelRoutes } from './routes/parcels.ts';
import { syncRoutes } from './routes/syncs.ts';
import { verbRoutes } from './routes/verbs.ts';
import { watchRoutes } from './routes/watch.ts';

/** Every address of the API, with who may call it. What is not in this table is not there. */
export const routes: readonly Route[] = [...orderRoutes, ...appliedStateRoutes, ...parcelRoutes, ...verbRoutes, ...syncRoutes, ...accountRoutes, ...listRoutes, ...watchRoutes];
