import type { Command } from './command.ts';
import { accountCommands } from './commands/accounts.ts';
import { alertCommands } from './commands/alerts.ts';
import { applyCommands } from './commands/apply.ts';
import { auditCommands } from './commands/audit.ts';
import { bulkCommands } from './commands/bulk.ts';
import { carrierCommands } from './commands/carriers.ts';
import { doctorCommands } from './commands/doctor.ts';
import { databaseCommands } from './commands/database.ts';
import { keepingCommands } from './commands/keeping.ts';
import { orderCommands } from './commands/orders.ts';
import { parcelCommands } from './commands/parcels.ts';
import { reconcileCommands } from './commands/reconcile.ts';
import { runningCommands } from './commands/running.ts';
import { stateCommands } from './commands/states.ts';
import { syncCommands } from './commands/syncs.ts';
import { tokenCommands } from './commands/tokens.ts';
import { userCommands } from './commands/users.ts';
import { verbCommands } from './commands/verbs.ts';

/** The whole command line: one table. */
export const commands: readonly Command[] = [
  ...runningCommands,
  ...doctorCommands,
  ...stateCommands,
  ...orderCommands,
  ...applyCommands,
  ...bulkCommands,
  ...parcelCommands,
  ...carrierCommands,
  ...syncCommands,
  ...verbCommands,
  ...accountCommands,
  ...reconcileCommands,
  ...auditCommands,
  ...alertCommands,
  ...tokenCommands,
  ...userCommands,
  ...keepingCommands,
  ...databaseCommands,
];
