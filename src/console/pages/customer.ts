import { fill } from '../../orders/texts.ts';
import { trackingLink } from '../../planning/carriers.ts';
import { speak } from '../../language/speak.ts';
import type { CustomerOrder, SeenState } from '../../store/views/customer-order.ts';
import type { Language } from '../../syncing/diagnosis.ts';
import { page } from '../answer.ts';
import type { Page } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { customerLead, customerLine, valuesOf } from '../parts/customer.ts';
import type { ShownParcel, Told, Written } from '../parts/customer.ts';
import { languageOf } from '../serve.ts';
import { at } from '../visit.ts';
import type { OpenVisit } from '../visit.ts';
import { sayIn } from '../words.ts';

/** GET /c/:link: one order as its customer sees it. A link that is unknown, forged, dead or not published finds the same nothing. */
export async function customerPage(asked: OpenVisit): Promise<Page> {
  const { ports, now } = asked;
  const visit = inLanguage(asked);
  const [, id, signature = ''] = /^(\d{1,15})\.([\w-]{22})$/.exec(visit.part('link')) ?? [];
  const order = id === undefined ? null : await ports.reader.view('customerOrder', { id: Number(id), now });
  if (order === null || !ports.links.fits(order, signature) || !order.published) return nothingThere(visit);
  return orderPage(visit, order);
}

function orderPage(visit: OpenVisit, { reference, marketplace, placedAt, language, applied, letterhead }: CustomerOrder): Page {
  const { say, speech } = visit;
  const all = applied.flatMap(({ parcels }) => parcels.map((parcel) => shownParcel(visit, parcel)));
  const told = applied.map((state) => tell(visit, state, reference, language, all));
  const latest = told.at(-1);
  const heading = say('customer.order', { order: reference });
  const lead = latest === undefined ? html`<h1>${heading}</h1><p>${say('customer.nothingYet')}</p>` : customerLead(visit, latest, all, 'h1');
  const section = placedAt === null ? heading : say('customer.placed', { order: reference, at: at(visit, placedAt, 'day') });
  const contact = letterhead.contact !== '' ? letterhead.contact : marketplace === null ? say('customer.askShop') : say('customer.askThere', { marketplace: speech.channel(marketplace) });
  return page([heading, letterhead.name].filter((one) => one !== '').join(' · '), html`${shopHead(visit, letterhead.name)}${lead}
${latest === undefined ? none : html`<section class="apart far"><h2>${section}</h2>${customerLine(visit, told, all)}</section>`}
<section class="apart far"><h2>${say('customer.question')}</h2><p class="prose">${contact}</p></section>
${otherLanguage(visit)}`, { client: visit.language });
}

/** As it was written for this order; in the reader's language where that is the state's own text, and there is one. */
function tell(visit: OpenVisit, { appliedAt, comment, texts, parcels }: SeenState, order: string, customers: string, all: readonly ShownParcel[]): Told {
  const { language } = visit;
  const own = texts[customers] ?? texts['fr'] ?? texts['en'] ?? Object.values(texts)[0];
  const theirs = texts[language];
  const values = valuesOf(order, parcels.length === 0 ? all : parcels.map((parcel) => shownParcel(visit, parcel)));
  const written = (text: string, of: string): Written => ({ text: fill(text, values), language: of === language ? null : of });
  const isOwn = own !== undefined && comment === own.comment;
  return {
    at: appliedAt,
    name: theirs === undefined ? written(own?.name ?? '', customers) : written(theirs.name, language),
    comment: isOwn && theirs !== undefined && theirs.comment !== '' ? written(theirs.comment, language) : written(comment, customers),
  };
}

/** A parcel with the way to its carrier's page. */
export function shownParcel({ ports }: OpenVisit, { carrier, tracking }: SeenState['parcels'][number]): ShownParcel {
  return { carrier, tracking, link: carrier === null || tracking === null ? null : trackingLink(ports.carriers.known, carrier, tracking) };
}

function nothingThere(visit: OpenVisit): Page {
  const { say, language } = visit;
  return page(say('customer.missingTitle'), html`<h1>${say('customer.missingTitle')}</h1><p>${say('customer.missing')}</p>${otherLanguage(visit)}`, { status: 404, client: language });
}

/** A fault of ours: said to a customer without a word of what it was. */
export function clientFaultPage(asked: OpenVisit, status: number): Page {
  const { say, language } = inLanguage(asked);
  return page(say('customer.faultTitle'), html`<h1>${say('customer.faultTitle')}</h1><p>${say('customer.fault')}</p>`, { status, client: language });
}

function shopHead({ say }: OpenVisit, name: string): Html {
  return html`<header><p class="shop">${name === '' ? say('customer.yourOrder') : name}</p></header>`;
}

/** A link, not a form: this page keeps nothing in the browser. */
function otherLanguage({ say, language, path }: OpenVisit): Html {
  const other: Language = language === 'fr' ? 'en' : 'fr';
  return html`<p class="apart far small"><a href="${path}?lang=${other}" lang="${other}" hreflang="${other}" rel="nofollow">${say('frame.otherLanguage')}</a></p>`;
}

/** The language that was asked for on the page, else the browser's. */
function inLanguage(visit: OpenVisit): OpenVisit {
  const language = languageOf(visit.query.get('lang') ?? undefined) ?? visit.language;
  return { ...visit, language, say: sayIn(language), speech: speak(language) };
}
