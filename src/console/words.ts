import { message } from '../language/message.ts';
import type { Language } from '../syncing/diagnosis.ts';
import { apply as applyEn } from './words/en/apply.ts';
import { customer as customerEn } from './words/en/customer.ts';
import { frame as frameEn } from './words/en/frame.ts';
import { journal as journalEn } from './words/en/journal.ts';
import { order as orderEn } from './words/en/order.ts';
import { orders as ordersEn } from './words/en/orders.ts';
import { overview as overviewEn } from './words/en/overview.ts';
import { people as peopleEn } from './words/en/people.ts';
import { signIn as signInEn } from './words/en/sign-in.ts';
import { states as statesEn } from './words/en/states.ts';
import { syncs as syncsEn } from './words/en/syncs.ts';
import { carriers as carriersEn } from './words/en/carriers.ts';
import { accounts as accountsEn } from './words/en/accounts.ts';
import { differences as differencesEn } from './words/en/differences.ts';
import { exports as exportsEn } from './words/en/exports.ts';
import { trial as trialEn } from './words/en/trial.ts';
import { help as helpEn } from './words/en/help.ts';
import { apply as applyFr } from './words/fr/apply.ts';
import { customer as customerFr } from './words/fr/customer.ts';
import { frame as frameFr } from './words/fr/frame.ts';
import { journal as journalFr } from './words/fr/journal.ts';
import { order as orderFr } from './words/fr/order.ts';
import { orders as ordersFr } from './words/fr/orders.ts';
import { overview as overviewFr } from './words/fr/overview.ts';
import { people as peopleFr } from './words/fr/people.ts';
import { signIn as signInFr } from './words/fr/sign-in.ts';
import { states as statesFr } from './words/fr/states.ts';
import { syncs as syncsFr } from './words/fr/syncs.ts';
import { carriers as carriersFr } from './words/fr/carriers.ts';
import { accounts as accountsFr } from './words/fr/accounts.ts';
import { differences as differencesFr } from './words/fr/differences.ts';
import { exports as exportsFr } from './words/fr/exports.ts';
import { trial as trialFr } from './words/fr/trial.ts';
import { help as helpFr } from './words/fr/help.ts';

/** All sentences of the console, by page. French comes first; English has the same keys, or does not compile. */
const fr = {
  frame: frameFr,
  signIn: signInFr,
  people: peopleFr,
  journal: journalFr,
  overview: overviewFr,
  orders: ordersFr,
  order: orderFr,
  apply: applyFr,
  syncs: syncsFr,
  carriers: carriersFr,
  states: statesFr,
  customer: customerFr,
  accounts: accountsFr,
  differences: differencesFr,
  exports: exportsFr,
  trial: trialFr,
  help: helpFr,
};
const en: Dictionary = {
  frame: frameEn,
  signIn: signInEn,
  people: peopleEn,
  journal: journalEn,
  overview: overviewEn,
  orders: ordersEn,
  order: orderEn,
  apply: applyEn,
  syncs: syncsEn,
  carriers: carriersEn,
  states: statesEn,
  customer: customerEn,
  accounts: accountsEn,
  differences: differencesEn,
  exports: exportsEn,
  trial: trialEn,
  help: helpEn,
};

type French = typeof fr;
type Dictionary = { readonly [P in keyof French]: Readonly<Record<keyof French[P], string>> };

/** `page.sentence` */
export type Key = { [P in keyof French]: `${P}.${keyof French[P] & string}` }[keyof French];

/** Says a sentence, its values filled in (ICU: plurals, choices). The result is text, not markup. */
export type Say = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

export const dictionaries: Readonly<Record<Language, Readonly<Record<string, Readonly<Record<string, string>>>>>> = { fr, en };

const sayers: Readonly<Record<Language, Say>> = { fr: sayer('fr'), en: sayer('en') };

export function sayIn(language: Language): Say {
  return sayers[language];
}

function sayer(language: Language): Say {
  return (key, values = {}) => {
    const [page = '', sentence = ''] = key.split('.');
    const pattern = dictionaries[language][page]?.[sentence];
    if (pattern === undefined) return key;
    return pattern.includes('{') ? message(language, pattern, values) : pattern;
  };
}
