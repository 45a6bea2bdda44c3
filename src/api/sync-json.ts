import type { z } from 'zod';
import type { LogRow } from '../store/log.ts';
import type { Diagnoses, Language } from '../syncing/diagnosis.ts';
import { iso, withValues } from './fields.ts';
import { sayCause } from './said.ts';
import type { syncShape } from './shapes/syncs.ts';

/** A sync as the contract has it. */
export function syncJson(row: LogRow, diagnoses: Diagnoses, language: Language): z.output<typeof syncShape> {
  return {
    id: row.id,
    account: row.account,
    order: row.order,
    operation: row.operation,
    status: row.status,
    ...withValues({ cause: row.cause, reference: row.reference }),
    shipBy: iso(row.ship_by),
    attempts: row.attempts,
    failures: row.failures,
    ...(row.due_at === null ? {} : { dueAt: iso(row.due_at) }),
    createdAt: iso(row.created_at),
    ...(row.ended_at === null ? {} : { endedAt: iso(row.ended_at) }),
    ...(row.cause === null ? {} : { diagnosis: sayCause(diagnoses, row.cause, language) }),
  };
}
