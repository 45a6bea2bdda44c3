import type { z } from 'zod';
import { sayFinding } from '../language/proof.ts';
import type { Instant } from '../runtime/clock.ts';
import { headText } from '../store/verify.ts';
import type { Language } from '../syncing/diagnosis.ts';
import type { Proof } from '../syncing/proof.ts';
import { plainProof } from '../syncing/proof-json.ts';
import type { proofShape } from './shapes/syncs.ts';

/** A proof as the API gives it, and the command line. @param timeZone its sentences name moments in it, beside UTC */
export function proofJson(proof: Proof, language: Language, timeZone: string, now: Instant): z.output<typeof proofShape> {
  return plainProof(proof, now, { say: (finding) => sayFinding(language, finding, timeZone), headText });
}
