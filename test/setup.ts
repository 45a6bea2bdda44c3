import { configureGlobal } from 'fast-check';

/** Properties draw the same cases at every run, so that a red run is red again; PROPERTY_SEED draws others. */
configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_123) });
