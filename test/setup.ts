import { fileURLToPath } from 'node:url';
import { configureGlobal } from 'fast-check';

/** Properties draw the same cases at every run, so that a red run is red again; PROPERTY_SEED draws others. */
configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_123) });

// Processes and threads that tests start take compiled code from where `suivi` keeps it, instead of compiling everything again.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/suivi', import.meta.url));
