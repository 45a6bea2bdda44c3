import { carrierCode, normalCarrier } from '../../../planning/carriers.ts';
import type { CarrierTrouble, CarrierUse, UsedCarrier } from '../../../store/views/carriers.ts';
import { page } from '../../answer.ts';
import type { Answer } from '../../answer.ts';
import { html, none } from '../../html.ts';
import type { Html } from '../../html.ts';
import { field, key, select } from '../../parts/forms.ts';
import { empty, head } from '../../parts/head.ts';
import { address, link } from '../../parts/link.ts';
import { mark } from '../../parts/sync.ts';
import { at } from '../../visit.ts';
import type { Visit } from '../../visit.ts';

/** GET /carriers */
export async function carriersPage(visit: Visit): Promise<Answer> {
  const { say, ports } = visit;
  const use = await ports.reader.view('carrierUse');
  return page(say('carriers.title'), html`${head(say('carriers.title'), { under: say('carriers.lead') })}
<div class="stack">${unmapped(visit, use.trouble)}${inUse(visit, use)}${another(visit)}${known(visit)}</div>`);
}

/** What stands still for want of a code, the most first. */
function unmapped(visit: Visit, trouble: readonly CarrierTrouble[]): Html {
  const { say } = visit;
  return html`<section id="unmapped"><h2>${say('carriers.unmapped')}</h2>${trouble.length === 0 ? empty(say('carriers.noneUnmapped')) : html`<ul class="ledger">${trouble.map((one) => line(visit, one))}</ul>`}</section>`;
}

function line(visit: Visit, { account, carrier, held, refused }: CarrierTrouble): Html {
  const { say, speech, ports } = visit;
  const there = speech.channel(ports.context.profiles.get(account)?.marketplace ?? null);
  const words = [...(held === 0 ? [] : [say('carriers.held', { n: held, there })]), ...(refused === 0 ? [] : [say('carriers.refused', { n: refused, there })])].join(' ');
  return html`<li><span class="n">${held + refused}</span><div class="what"><h3>${say('carriers.quoted', { name: carrier })} <small>${account}</small></h3><p>${words}</p></div>${visit.may('get /carriers/map') ? html`<a class="btn" href="${address('/carriers/map', { account, carrier })}">${say('carriers.map')}</a>` : none}</li>`;
}

function inUse(visit: Visit, use: CarrierUse): Html {
  const { say, speech } = visit;
  const marketplaces = marketplacesOf(visit);
  const title = html`<div class="title"><h2>${say('carriers.used')}</h2><span class="small quiet">${say('carriers.looked', { n: use.looked })}</span></div>`;
  if (use.used.length === 0) return html`<section>${title}${empty(say('carriers.noneUsed'))}</section>`;
  return html`<section>${title}<table class="rows"><caption class="unseen">${say('carriers.used')}</caption><thead><tr><th scope="col" class="margin">${say('carriers.carrier')}</th>${marketplaces.map((name) => html`<th scope="col">${speech.channel(name)}</th>`)}<th scope="col" class="num">${say('carriers.parcels')}</th><th scope="col">${say('carriers.last')}</th></tr></thead>
<tbody>${use.used.map((one) => row(visit, marketplaces, use, one))}</tbody></table></section>`;
}

function row(visit: Visit, marketplaces: readonly string[], use: CarrierUse, one: UsedCarrier): Html {
  const { say } = visit;
  return html`<tr><th scope="row" class="first margin">${one.carrier}</th>${marketplaces.map((name) => html`<td class="wide of" data-of="${visit.speech.channel(name)}">${cell(visit, name, use, one.carrier)}</td>`)}<td class="num" data-of="${say('carriers.parcels')}">${one.parcels}</td><td class="nb">${one.lastAt === null ? none : at(visit, one.lastAt, 'day')}</td></tr>`;
}

/** The code at one marketplace; several where its accounts differ. */
function cell(visit: Visit, marketplace: string, { mappings }: CarrierUse, carrier: string): Html {
  const { say, speech, ports } = visit;
  const { defaultCarriers } = ports.context.tables;
  const name = normalCarrier(carrier);
  const accounts = [...ports.context.profiles.values()].filter((profile) => profile.marketplace === marketplace).map(({ account }) => account).toSorted();
  const codes = accounts.map((account) => {
    const own = mappings.find((row) => row.account === account && normalCarrier(row.carrier) === name);
    const code = carrierCode(carrier, account, marketplace, new Map(), defaultCarriers);
    return { account, code: own?.code ?? code?.code ?? null, otherName: own?.otherName ?? null, by: own?.author ?? null, verified: own !== undefined || code?.verified !== false };
  });
  return html`${[...Map.groupBy(codes, ({ code, otherName }) => `${code ?? ''}\n${otherName ?? ''}`).values()].map((same) => {
    const [first] = same;
    if (first === undefined) return none;
    const { code, otherName, verified } = first;
    const by = [...new Set(same.flatMap((one) => one.by ?? []))].join(', ');
    const to = address('/carriers/map', { account: first.account, carrier });
    const words = code === null ? say('carriers.map') : otherName === null ? code : `${code} (${otherName})`;
    const shown = visit.may('get /carriers/map') ? link(to, words) : code === null ? none : words;
    const more = code === null ? '' : by !== '' ? say('carriers.by', { by }) : verified ? '' : say('carriers.unverified', { there: speech.channel(marketplace) });
    return html`<p>${code === null ? html`${mark('held', say('carriers.noCode'))} ` : none}${shown}${accounts.length > 1 && same.length < accounts.length ? html` <small>${same.map(({ account }) => account).join(', ')}</small>` : none}${more === '' ? none : html` <small>${more}</small>`}</p>`;
  })}`;
}

/** The way to a carrier that no parcel has named yet. */
function another(visit: Visit): Html {
  const { say, ports } = visit;
  const accounts = [...ports.context.profiles.keys()].toSorted();
  if (!visit.may('get /carriers/map') || accounts.length === 0) return none;
  return html`<section><div class="title"><h2>${say('carriers.another')}</h2><span class="small quiet">${say('carriers.sameName')}</span></div><form method="get" action="/carriers/map" class="line-up">${field('carrier', say('carriers.carrier'), { required: true, longest: 80 })}${select('account', say('carriers.account'), accounts.map((id) => ({ value: id, words: id })), accounts[0] ?? '')}<div class="keys">${key(say('carriers.chooseCode'))}</div></form></section>`;
}

/** The carriers that need nothing, since Suivi comes with their codes. */
function known(visit: Visit): Html {
  const { say, speech, ports } = visit;
  const marketplaces = marketplacesOf(visit);
  const codeOf = (code: { readonly code: string; readonly verified?: boolean } | undefined): Html => (code === undefined ? html`<span class="quiet">${say('carriers.noCode')}</span>` : html`${code.code}${code.verified === false ? html` <small>${say('carriers.toCheck')}</small>` : none}`);
  return html`<section><details><summary>${say('carriers.known', { n: ports.carriers.known.length })}</summary><table class="rows"><caption class="unseen">${say('carriers.knownTitle')}</caption><thead><tr><th scope="col" class="margin">${say('carriers.carrier')}</th>${marketplaces.map((name) => html`<th scope="col">${speech.channel(name)}</th>`)}</tr></thead>
<tbody>${ports.carriers.known.map(({ name, codes }) => html`<tr><th scope="row" class="first margin wide">${name}</th>${marketplaces.map((one) => html`<td class="wide of" data-of="${speech.channel(one)}">${codeOf(codes[one])}</td>`)}</tr>`)}</tbody></table></details></section>`;
}

function marketplacesOf({ ports }: Visit): readonly string[] {
  return [...new Set([...ports.context.profiles.values()].map(({ marketplace }) => marketplace))].toSorted();
}
