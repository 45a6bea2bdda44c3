import { connectAccount, connectPage } from './pages/accounts/connect.ts';
import { accountsPage } from './pages/accounts/list.ts';
import { parcelsFile } from './pages/accounts/parcels.ts';
import { checkNow, turnAccount, turnPage } from './pages/accounts/turn.ts';
import { apply, applyPage, undoMany } from './pages/apply.ts';
import { customerPage } from './pages/customer.ts';
import { stream } from './pages/events.ts';
import { bulkNow, bulkPage } from './pages/bulk.ts';
import { carriersPage } from './pages/carriers/list.ts';
import { mapCode, mapPage } from './pages/carriers/map.ts';
import { differencesPage } from './pages/differences/differences.ts';
import { exportsCsv } from './pages/exports/csv.ts';
import { exportsPage } from './pages/exports/exports.ts';
import { filePage, takeFile } from './pages/carrier-file.ts';
import { join, joinPage } from './pages/join.ts';
import { completeParcel, orderPage, undoOne } from './pages/order.ts';
import { publish, publishOne, renewCustomerLink } from './pages/order-publication.ts';
import { ordersPage } from './pages/orders.ts';
import { overviewNow, overviewPage } from './pages/overview/overview.ts';
import { dropFactor, giveRole, inviteSomebody, newLink, peoplePage, revoke, revokePage, withdraw } from './pages/people.ts';
import { prefer } from './pages/preferences.ts';
import { changePassword, confirmFactor, profilePage, startFactor, stopFactor } from './pages/profile.ts';
import { codePage, enter, enterCode, leave, signInPage } from './pages/sign-in.ts';
import { proofFile, proofPage } from './pages/sync/proof.ts';
import { archiveState, placeState, statesPage } from './pages/states/list.ts';
import { saveHead } from './pages/states/letterhead.ts';
import { addModels, modelsPage } from './pages/states/models.ts';
import { addOne, newStatePage, previewPart, saveState, statePage } from './pages/states/state.ts';
import { syncNow, syncPage } from './pages/sync/sync.ts';
import { syncsCsv } from './pages/syncs/csv.ts';
import { syncsPage } from './pages/syncs/list.ts';
import { recordNow, recordPage } from './pages/syncs/record.ts';
import { doVerb, previewVerb } from './pages/syncs/verbs.ts';
import { dropToken, makeToken } from './pages/tokens.ts';
import { beginTrial, quitTrial, trialPage } from './pages/trial.ts';
import type { Route } from './route.ts';

/**
 * Every address of the console, with the least role that may call it. What is not in this table is not there; a role that
 * is too small for a line is turned away before the line's function is called.
 */
export const routes: readonly Route[] = [
  { method: 'get', path: '/sign-in', least: 'anybody', kind: 'page', handle: signInPage },
  { method: 'post', path: '/sign-in', least: 'anybody', kind: 'action', handle: enter },
  { method: 'get', path: '/sign-in/code', least: 'anybody', kind: 'page', handle: codePage },
  { method: 'post', path: '/sign-in/code', least: 'anybody', kind: 'action', handle: enterCode },
  { method: 'get', path: '/join/:secret', least: 'anybody', kind: 'page', handle: joinPage },
  { method: 'post', path: '/join/:secret', least: 'anybody', kind: 'action', handle: join },
  { method: 'post', path: '/preferences', least: 'anybody', kind: 'action', handle: prefer },
  { method: 'post', path: '/sign-out', least: 'viewer', kind: 'action', handle: leave },
  { method: 'get', path: '/c/:link', least: 'anybody', kind: 'client', handle: customerPage },
  { method: 'get', path: '/', least: 'viewer', kind: 'page', handle: overviewPage },
  { method: 'get', path: '/overview/now', least: 'viewer', kind: 'part', handle: overviewNow },

  { method: 'get', path: '/orders', least: 'viewer', kind: 'page', handle: ordersPage },
  { method: 'get', path: '/orders/apply', least: 'packer', kind: 'page', handle: applyPage },
  { method: 'post', path: '/orders/apply', least: 'packer', kind: 'action', handle: apply },
  { method: 'get', path: '/orders/file', least: 'packer', kind: 'page', handle: filePage },
  { method: 'post', path: '/orders/file', least: 'packer', kind: 'action', handle: takeFile },
  { method: 'get', path: '/orders/bulk/:id', least: 'viewer', kind: 'page', handle: bulkPage },
  { method: 'get', path: '/orders/bulk/:id/now', least: 'viewer', kind: 'part', handle: bulkNow },
  { method: 'post', path: '/orders/bulk/:id/undo', least: 'packer', kind: 'action', handle: undoMany },
  { method: 'get', path: '/orders/:id', least: 'viewer', kind: 'page', handle: orderPage },
  { method: 'post', path: '/orders/:id/parcels', least: 'packer', kind: 'action', handle: completeParcel },
  { method: 'post', path: '/orders/:id/publication', least: 'support', kind: 'action', handle: publish },
  { method: 'post', path: '/orders/:id/link', least: 'support', kind: 'action', handle: renewCustomerLink },
  { method: 'post', path: '/orders/:id/applied', least: 'support', kind: 'action', handle: publishOne },
  { method: 'post', path: '/orders/:id/undo', least: 'packer', kind: 'action', handle: undoOne },

  { method: 'get', path: '/syncs', least: 'viewer', kind: 'page', handle: syncsPage },
  { method: 'get', path: '/syncs.csv', least: 'viewer', kind: 'file', handle: syncsCsv },
  { method: 'post', path: '/syncs/preview', least: 'support', kind: 'action', handle: previewVerb },
  { method: 'post', path: '/syncs/verbs', least: 'support', kind: 'action', handle: doVerb },
  { method: 'get', path: '/syncs/records/:id', least: 'viewer', kind: 'page', handle: recordPage },
  { method: 'get', path: '/syncs/records/:id/now', least: 'viewer', kind: 'part', handle: recordNow },
  { method: 'get', path: '/syncs/:id', least: 'viewer', kind: 'page', handle: syncPage },
  { method: 'get', path: '/syncs/:id/now', least: 'viewer', kind: 'part', handle: syncNow },
  { method: 'get', path: '/syncs/:id/proof', least: 'viewer', kind: 'page', handle: proofPage },
  { method: 'get', path: '/syncs/:id/proof.json', least: 'viewer', kind: 'file', handle: proofFile },

  { method: 'get', path: '/differences', least: 'viewer', kind: 'page', handle: differencesPage },

  { method: 'get', path: '/exports', least: 'viewer', kind: 'page', handle: exportsPage },
  { method: 'get', path: '/exports.csv', least: 'viewer', kind: 'file', handle: exportsCsv },

  { method: 'get', path: '/carriers', least: 'viewer', kind: 'page', handle: carriersPage },
  { method: 'get', path: '/carriers/map', least: 'merchant', kind: 'page', handle: mapPage },
  { method: 'post', path: '/carriers/map', least: 'merchant', kind: 'action', handle: mapCode },

  { method: 'get', path: '/states', least: 'viewer', kind: 'page', handle: statesPage },
  { method: 'post', path: '/states/place', least: 'merchant', kind: 'action', handle: placeState },
  { method: 'post', path: '/states/letterhead', least: 'merchant', kind: 'action', handle: saveHead },
  { method: 'get', path: '/states/models', least: 'merchant', kind: 'page', handle: modelsPage },
  { method: 'post', path: '/states/models', least: 'merchant', kind: 'action', handle: addModels },
  { method: 'get', path: '/states/new', least: 'merchant', kind: 'page', handle: newStatePage },
  { method: 'post', path: '/states/new', least: 'merchant', kind: 'action', handle: addOne },
  { method: 'post', path: '/states/preview', least: 'merchant', kind: 'part', handle: previewPart },
  { method: 'get', path: '/states/:id', least: 'viewer', kind: 'page', handle: statePage },
  { method: 'post', path: '/states/:id', least: 'merchant', kind: 'action', handle: saveState },
  { method: 'post', path: '/states/:id/archive', least: 'merchant', kind: 'action', handle: archiveState },

  { method: 'get', path: '/accounts', least: 'viewer', kind: 'page', handle: accountsPage },
  { method: 'get', path: '/accounts/connect', least: 'admin', kind: 'page', handle: connectPage },
  { method: 'post', path: '/accounts/connect', least: 'admin', kind: 'action', handle: connectAccount },
  { method: 'get', path: '/accounts/:id/turn', least: 'admin', kind: 'page', handle: turnPage },
  { method: 'post', path: '/accounts/:id/turn', least: 'admin', kind: 'action', handle: turnAccount },
  { method: 'post', path: '/accounts/:id/check', least: 'admin', kind: 'action', handle: checkNow },
  { method: 'get', path: '/accounts/:id/parcels', least: 'support', kind: 'file', handle: parcelsFile },

  { method: 'get', path: '/trial', least: 'admin', kind: 'page', handle: trialPage },
  { method: 'post', path: '/trial', least: 'admin', kind: 'action', handle: beginTrial },
  { method: 'post', path: '/trial/leave', least: 'viewer', kind: 'action', handle: quitTrial },

  { method: 'get', path: '/profile', least: 'viewer', kind: 'page', handle: profilePage },
  { method: 'post', path: '/profile/password', least: 'viewer', kind: 'action', handle: changePassword },
  { method: 'post', path: '/profile/factor/start', least: 'viewer', kind: 'action', handle: startFactor },
  { method: 'post', path: '/profile/factor/confirm', least: 'viewer', kind: 'action', handle: confirmFactor },
  { method: 'post', path: '/profile/factor/stop', least: 'viewer', kind: 'action', handle: stopFactor },

  { method: 'get', path: '/people', least: 'admin', kind: 'page', handle: peoplePage },
  { method: 'post', path: '/people/invite', least: 'admin', kind: 'action', handle: inviteSomebody },
  { method: 'post', path: '/people/links/:id/withdraw', least: 'admin', kind: 'action', handle: withdraw },
  { method: 'post', path: '/people/tokens', least: 'admin', kind: 'action', handle: makeToken },
  { method: 'post', path: '/people/tokens/:id/revoke', least: 'admin', kind: 'action', handle: dropToken },
  { method: 'post', path: '/people/:id/role', least: 'admin', kind: 'action', handle: giveRole },
  { method: 'post', path: '/people/:id/link', least: 'admin', kind: 'action', handle: newLink },
  { method: 'post', path: '/people/:id/factor', least: 'admin', kind: 'action', handle: dropFactor },
  { method: 'get', path: '/people/:id/revoke', least: 'admin', kind: 'page', handle: revokePage },
  { method: 'post', path: '/people/:id/revoke', least: 'admin', kind: 'action', handle: revoke },

  { method: 'get', path: '/events', least: 'viewer', kind: 'stream', handle: stream },
];
