import { shellWord } from '../runtime/shell-word.ts';
import type { LogRow } from '../store/log.ts';
import type { Button } from '../syncing/diagnosis.ts';
import { failed } from '../syncing/status.ts';

type Standing = Pick<LogRow, 'id' | 'account' | 'parcel_id' | 'payload' | 'status'>;

/** What the console's button is on the command line: lines to copy, with `…` for what only the reader knows. */
export function nextSteps(button: Button | null, sync: Standing): readonly string[] {
  const rerun = `suivi rerun ${sync.id} --reason "…"`;
  const first = commandFor(button, sync);
  if (first === null) return [];
  // What failed does not go on by itself once its cause is put right; what is held does.
  return first !== rerun && (button === 'map-carrier' || button === 'complete-parcel') && failed.includes(sync.status) ? [first, rerun] : [first];
}

function commandFor(button: Button | null, { id, account, parcel_id: parcel, payload }: Standing): string | null {
  switch (button) {
    case 'map-carrier': {
      const carrier = carrierOf(payload);
      return carrier === null ? null : `suivi carriers map ${shellWord(carrier)} --account ${account} --code "…"`;
    }
    case 'complete-parcel':
      return parcel === null ? null : `suivi parcels set ${parcel} --tracking "…"`;
    case 'rerun':
      return `suivi rerun ${id} --reason "…"`;
    case 'resend':
      return `suivi resend ${id} --reason "…"`;
    case 'resolve':
      return `suivi resolve ${id} --as-done --reason "…"`;
    case 'cancel':
      return `suivi cancel ${id} --reason "…"`;
    case 'reconnect':
      return `suivi accounts check ${account}`;
    case 'resume':
      return `suivi accounts resume ${account}`;
    case 'import':
    case null:
      return null;
  }
}

function carrierOf(payload: string): string | null {
  const { parcel } = JSON.parse(payload) as { readonly parcel: { readonly carrier: string | null } | null };
  return parcel?.carrier ?? null;
}
