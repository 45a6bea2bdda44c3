import type { Wish } from '../../orders/applied-state.ts';
import type { OrderState } from '../../orders/order-state.ts';
import { parcelsWanted } from '../../orders/parcel-wish.ts';
import { applyBulk } from '../../store/bulk.ts';
import { file, go, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import type { Html } from '../html.ts';
import { field, hidden, key, select } from '../parts/forms.ts';
import { empty, head } from '../parts/head.ts';
import { link } from '../parts/link.ts';
import { stateName } from '../parts/state.ts';
import type { FileRead } from '../ports.ts';
import { at } from '../visit.ts';
import type { Visit } from '../visit.ts';
import { previewed } from './apply.ts';
import { refusedNotes, warningNotes } from './apply-preview.ts';
import { ofForm, sealOf } from './apply-wishes.ts';

/** Columns that somebody may name, where the file's headers do not say which is which. */
const named = ['order', 'tracking', 'carrier'] as const;

/** Up to this many are applied while the reader waits; more go on without them. */
const whileYouWait = 100;

/** GET /orders/file */
export function filePage(visit: Visit): Promise<Answer> {
  return shown(visit, { faults: [], kept: '', name: '', after: none });
}

/** POST /orders/file: reads it, shows what would be sent, and applies it when that was seen. */
export async function takeFile(visit: Visit): Promise<Answer> {
  const { form, ports, person, now, say, language } = visit;
  const upload = form.file('file');
  const kept = upload === null ? form.text('kept') : Buffer.from(upload.bytes).toString('base64');
  const name = (upload?.name ?? form.text('name')).slice(0, 150);
  const { states } = await ports.reader.view('orderChoices');
  const state = states.find(({ mnemonic, type }) => mnemonic === form.text('state') && parcelsWanted(type));
  if (kept === '' || state === undefined) return shown(visit, { faults: [say(state === undefined ? 'apply.chooseState' : 'apply.fileMissing')], kept, name, after: none });
  const choice = Object.fromEntries(named.flatMap((column) => (form.text(`column-${column}`) === '' ? [] : [[column, form.text(`column-${column}`)]])));
  const read = await ports.carrierFile(Buffer.from(kept, 'base64'), { state: state.mnemonic, parcels: true, ...(form.text('carrier') === '' ? {} : { carrier: form.text('carrier') }), ...(Object.keys(choice).length === 0 ? {} : { columns: choice }) }, language);
  if ('faults' in read) return shown(visit, { faults: read.faults, kept, name, after: none });
  const wishes = read.wishes.map(({ rows: _rows, ...wish }): Wish => wish);
  const step = form.text('do');
  if (step === 'refused') return refusedRows(visit, read, wishes, name);
  if (step !== 'apply' || form.text('seen') !== sealOf(wishes, state.type) || wishes.length === 0) return shown(visit, { faults: [], kept, name, after: await preview(visit, read, wishes, state) });
  const accounts = [...new Set(wishes.map(({ account }) => account))];
  const { promise: begun, resolve: begin } = Promise.withResolvers<number>();
  const whole = visit.background('a file applied', async (stop) => {
    // What has been applied need not wait for the rest.
    const bulk = await applyBulk(ports.context, { state: state.mnemonic, author: person.name, source: `file/${name}`, wishes: ofForm(form, wishes) }, now, () => ports.notify(accounts), stop, begin);
    if (Object.keys(choice).length > 0) await read.remember();
    return bulk;
  });
  if (wishes.length > whileYouWait) return go(`/orders/bulk/${await Promise.race([begun, whole.then(({ id }) => id)])}`, read.refused.length === 0 ? null : { key: 'apply.fileBegun', values: { n: read.refused.length }, tone: 'warn' });
  const applied = (await whole).answers.filter((answer) => 'id' in answer).length;
  const refused = wishes.length - applied + read.refused.length;
  return go('/orders', { key: 'apply.many', values: { state: state.mnemonic, n: applied, refused }, tone: refused === 0 ? 'done' : 'warn' });
}

/** Every row that does not go through, with why: the file's own faults, and what the orders say. */
async function refusedRows(visit: Visit, read: FileRead, wishes: readonly Wish[], name: string): Promise<Answer> {
  const { speech } = visit;
  const answers = await previewed(visit, wishes);
  const late = answers.flatMap((answer, index) => ('faults' in answer ? (read.wishes[index]?.rows ?? []).map((row) => ({ row, reasons: answer.faults.map((fault) => speech.mend(fault)) })) : []));
  const { text, json } = read.refusedFile([...read.refused, ...late]);
  return file(json ? 'application/jsonl; charset=utf-8' : 'text/csv; charset=utf-8', `${name.replace(/\.[^.]*$/, '')}-${visit.language === 'fr' ? 'refus' : 'refused'}.${json ? 'jsonl' : 'csv'}`, text);
}

async function preview(visit: Visit, read: FileRead, wishes: readonly Wish[], { type }: Pick<OrderState, 'type'>): Promise<Html> {
  const { say, speech, ports, now } = visit;
  const answers = await previewed(visit, wishes);
  const { lastAt, late } = await ports.foresee(wishes, answers, now);
  const known = answers.filter((answer) => 'id' in answer && answer.again).length;
  const good = answers.filter((answer) => 'id' in answer).length - known;
  const refusals = [...read.refused.map(({ row, order, reasons }) => ({ order: say('apply.row', { row, order: order ?? '—' }), why: reasons.join(' ') })), ...answers.flatMap((answer, index) => ('faults' in answer ? [{ order: wishes[index]?.order ?? '', why: answer.faults.map((fault) => speech.mend(fault)).join(' ') }] : []))];
  return html`<section><h2>${say('apply.previewTitle')}</h2><p>${say('apply.fileRead', { rows: read.rows, n: wishes.length, refused: refusals.length })}${known === 0 ? none : html` <b>${say('apply.fileKnown', { n: known })}</b>`}</p><p class="quiet small">${say(read.remembered ? 'apply.columnsRemembered' : 'apply.columnsFound', { columns: read.columns.join(', ') })}</p>
${warningNotes(visit, wishes, answers)}${late.length === 0 ? none : html`<div class="note warn"><b>${say('apply.late', { n: late.length })}</b> ${late.slice(0, 10).map(({ order }) => order).join(', ')}</div>`}${refusedNotes(visit, refusals)}${refusals.length === 0 ? none : html`<p class="keys">${key(say('apply.refusedFile'), { name: 'do', value: 'refused' })}</p>`}</section>
${hidden('seen', sealOf(wishes, type))}<div class="bulk always"><p class="grow">${lastAt === null ? say('apply.nothingLeaves') : say('apply.lastLeaves', { at: at(visit, lastAt) })}</p><div class="keys">${good === 0 ? none : key(say('apply.do', { n: good }), { main: true, name: 'do', value: 'apply' })}<a class="btn" href="/orders">${say('apply.close')}</a></div></div>`;
}

interface Filled {
  readonly faults: readonly string[];
  /** The file, in base64, so that it is dropped once. */
  readonly kept: string;
  readonly name: string;
  /** What stands beneath the fields. */
  readonly after: Html;
}

async function shown(visit: Visit, { faults, kept, name, after }: Filled): Promise<Answer> {
  const { say, csrf, form, ports, language } = visit;
  const { states } = await ports.reader.view('orderChoices');
  const shipping = states.filter(({ type }) => parcelsWanted(type));
  const top = head(say('apply.fileTitle'), { above: { to: '/orders', words: say('orders.title') }, under: say('apply.fileLead') });
  if (shipping.length === 0) return page(say('apply.fileTitle'), html`${top}${empty(say('apply.fileNoStates'), visit.may('get /states/models') ? link('/states/models', say('states.fromModel')) : none)}`);
  const body = html`${top}
<form method="post" action="/orders/file" enctype="multipart/form-data" class="sheet stack">${csrf}${hidden('kept', kept)}${hidden('name', name)}
${faults.length === 0 ? none : html`<div class="note warn" role="alert">${faults.map((fault) => html`<p>${fault}</p>`)}</div>`}
<div class="line-up top"><label class="f" for="f-file">${kept === '' ? say('apply.file') : say('apply.fileKept', { name })}<input class="field" id="f-file" type="file" name="file" accept=".csv,.txt,.tsv,.jsonl" data-drop aria-describedby="f-file-hint"><span class="hint" id="f-file-hint" role="status" data-dropped="${say('apply.fileDropped')}">${say('apply.fileDrop')}</span></label>${select('state', say('orders.state'), shipping.map(({ mnemonic, texts }) => ({ value: mnemonic, words: `${mnemonic} · ${stateName(texts, language)}` })), form.text('state'))}${field('carrier', say('apply.carrierForAll'), { value: form.text('carrier'), longest: 80 })}</div>
<details${faults.length > 0 || named.some((column) => form.text(`column-${column}`) !== '') ? html` open` : none}><summary class="small">${say('apply.columns')}</summary><div class="line-up">${named.map((column) => field(`column-${column}`, say(`apply.column_${column}`), { value: form.text(`column-${column}`), longest: 200 }))}</div></details>
<p class="keys">${key(say('apply.preview'), { name: 'do', value: 'preview', main: true })}</p>${after}</form>`;
  return page(say('apply.fileTitle'), body, { status: faults.length === 0 ? 200 : 422 });
}
