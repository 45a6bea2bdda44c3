import type { Payload } from '../../../planning/operation.ts';
import { file, missing } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import type { Visit } from '../../visit.ts';

/** So many are read at once. */
const atOnce = 500;

/**
 * GET /accounts/:id/parcels: what waits in a lane as the marketplace's own upload file, the soonest deadline first. Left out
 * is what may have arrived already, and what such a file cannot tell. What is told so is found when the lane goes on:
 * it reads the changed orders before it sends anything.
 */
export async function parcelsFile(visit: Visit): Promise<Answer> {
  const { ports, part, now } = visit;
  const profile = ports.context.profiles.get(part('id'));
  const upload = profile === undefined ? undefined : ports.connecting.uploadFiles.get(profile.marketplace);
  if (profile === undefined || upload === undefined) return missing;
  const { ids } = await ports.reader.view('waitingParcels', { account: profile.account });
  const day = new Date(now).toISOString().slice(0, 10);
  return file(upload.type, `parcels-${profile.account}-${day}.${upload.extension}`, lines(ids));

  async function* lines(all: readonly number[]): AsyncGenerator<string> {
    yield upload?.head ?? '';
    for (let from = 0; from < all.length && !ports.stop.aborted; from += atOnce) {
      const page = all.slice(from, from + atOnce);
      const { rows } = await ports.reader.view('syncRows', { ids: page });
      const payloads = new Map(rows.map(({ id, payload }) => [id, JSON.parse(payload) as Payload]));
      yield page.map((id) => {
        const payload = payloads.get(id);
        return payload === undefined ? '' : (upload?.lines(payload, ports.timeZone) ?? '');
      }).join('');
    }
  }
}
