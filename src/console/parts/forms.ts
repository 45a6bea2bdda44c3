import { html, none } from '../html.ts';
import type { Html } from '../html.ts';

interface FieldOptions {
  readonly type?: 'text' | 'search' | 'password' | 'date' | 'number' | 'url' | 'datetime-local' | 'color';
  readonly value?: string;
  /** Beneath the field, before anything is wrong. */
  readonly hint?: string;
  /** What is wrong with what was typed. */
  readonly fault?: string | null;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly longest?: number;
  readonly grow?: boolean;
  readonly autofocus?: boolean;
  readonly readonly?: boolean;
  readonly inputmode?: 'numeric' | 'text';
  /** The language that is written in it, where it may be another than the page's. */
  readonly written?: string;
}

/** A field with its label; a fault stands beneath it and is read out with it. */
export function field(name: string, label: string, options: FieldOptions = {}): Html {
  const { type = 'text', value = '', hint, fault = null, placeholder, autocomplete, longest } = options;
  const id = `f-${name}`;
  return html`<label class="f${options.grow === true ? ' grow' : ''}" for="${id}">${label}<input class="field" id="${id}" type="${type}" name="${name}" value="${value}"${placeholder === undefined ? none : html` placeholder="${placeholder}"`}${autocomplete === undefined ? none : html` autocomplete="${autocomplete}"`}${longest === undefined ? none : html` maxlength="${longest}"`}${options.inputmode === undefined ? none : html` inputmode="${options.inputmode}"`}${options.required === true ? html` required` : none}${options.autofocus === true ? html` autofocus` : none}${options.readonly === true ? html` readonly` : none}${inLanguage(options)}${described(id, hint, fault)}>${beneath(id, hint, fault)}</label>`;
}

/** A choice of one, as a list that opens. */
export function select(name: string, label: string, choices: readonly { readonly value: string; readonly words: string }[], chosen: string, options: Pick<FieldOptions, 'hint' | 'fault' | 'grow'> & { readonly unseenLabel?: boolean } = {}): Html {
  const { hint, fault = null } = options;
  const id = `f-${name}`;
  const items = choices.map(({ value, words }) => html`<option value="${value}"${value === chosen ? html` selected` : none}>${words}</option>`);
  return html`<label class="f${options.grow === true ? ' grow' : ''}" for="${id}"><span${options.unseenLabel === true ? html` class="unseen"` : none}>${label}</span><select id="${id}" name="${name}"${described(id, hint, fault)}>${items}</select>${beneath(id, hint, fault)}</label>`;
}

/** Text of several lines. */
export function area(name: string, label: string, options: FieldOptions = {}): Html {
  const { value = '', hint, fault = null, longest } = options;
  const id = `f-${name}`;
  return html`<label class="f${options.grow === true ? ' grow' : ''}" for="${id}">${label}<textarea id="${id}" name="${name}"${longest === undefined ? none : html` maxlength="${longest}"`}${options.required === true ? html` required` : none}${options.readonly === true ? html` readonly` : none}${inLanguage(options)}${described(id, hint, fault)}>
${value}</textarea>${beneath(id, hint, fault)}</label>`;
}

/** Something to be ticked. */
export function tick(name: string, label: string | Html, ticked: boolean, value = 'yes', type: 'checkbox' | 'radio' = 'checkbox'): Html {
  return html`<label class="tick"><input type="${type}" name="${name}" value="${value}"${ticked ? html` checked` : none}><span>${label}</span></label>`;
}

export function hidden(name: string, value: string | number): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

/** A key that sends its form. */
export function key(words: string, options: { readonly main?: boolean; readonly name?: string; readonly value?: string; readonly to?: string } = {}): Html {
  return html`<button class="btn${options.main === true ? ' main' : ''}"${options.name === undefined ? none : html` name="${options.name}" value="${options.value ?? ''}"`}${options.to === undefined ? none : html` formaction="${options.to}"`}>${words}</button>`;
}

function inLanguage({ written }: FieldOptions): Html {
  return written === undefined ? none : html` lang="${written}"`;
}

function described(id: string, hint: string | undefined, fault: string | null): Html {
  if (fault !== null) return html` aria-invalid="true" aria-describedby="${id}-fault"`;
  return hint === undefined ? none : html` aria-describedby="${id}-hint"`;
}

function beneath(id: string, hint: string | undefined, fault: string | null): Html {
  if (fault !== null) return html`<span class="fault" id="${id}-fault">${fault}</span>`;
  return hint === undefined ? none : html`<span class="hint" id="${id}-hint">${hint}</span>`;
}
