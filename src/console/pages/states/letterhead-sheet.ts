import type { Fault } from '../../../orders/fault.ts';
import { longestLetterhead } from '../../../store/letterhead.ts';
import type { Letterhead } from '../../../store/letterhead.ts';
import { capital } from '../../../language/speak.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { area, field, key } from '../../parts/forms.ts';
import type { Visit } from '../../visit.ts';

/** What stands around every order that a customer sees, to be written by those who may. */
export function letterheadSheet(visit: Visit, { name, contact }: Letterhead, faults: readonly Fault[]): Html {
  const { say, speech, csrf } = visit;
  if (!visit.may('post /states/letterhead')) return none;
  const faultOf = (wanted: keyof Letterhead): string | null => {
    const fault = faults.find((one) => one.field === wanted);
    return fault === undefined ? null : capital(speech.mend(fault));
  };
  return html`<section class="sheet apart far letterhead"><h2>${say('states.letterheadTitle')}</h2><p class="quiet small">${say('states.letterheadLead')}</p>
<form method="post" action="/states/letterhead" class="stack tight apart">${csrf}${field('name', say('states.shopName'), { value: name, longest: longestLetterhead.name, fault: faultOf('name'), autocomplete: 'organization' })}
${area('contact', say('states.contact'), { value: contact, hint: say('states.contactHint'), fault: faultOf('contact') })}<p class="keys">${key(say('frame.save'))}</p></form></section>`;
}
