import type { Measurement, Size } from './frame/measurement.ts';
import { backlog } from './scale/backlog.ts';
import { history } from './scale/history.ts';
import { pages } from './scale/pages.ts';
import { latency } from './spine/latency.ts';
import { lives } from './spine/lives.ts';
import { rest } from './spine/rest.ts';
import { startUp } from './spine/start-up.ts';

/** What `npm run bench` measures, in this order. */
export function ours(size: Size): readonly Measurement[] {
  return [latency(size), lives(size), startUp(size), rest(size), history(size), pages(size), backlog(size)] as readonly Measurement[];
}
