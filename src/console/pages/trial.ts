import { go, page } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { html, none } from '../html.ts';
import { key } from '../parts/forms.ts';
import { head } from '../parts/head.ts';
import { enterTrial, leaveTrial } from '../trial.ts';
import type { Visit } from '../visit.ts';

const steps = ['begin', 'states', 'apply', 'arrive', 'leave'] as const;

/** GET /trial: what a trial is, what comes in it, and the key that begins it. */
export function trialPage({ say, csrf, ports: { trial } }: Visit): Answer {
  const running = trial.isRunning();
  const lines = steps.map((step, index) => html`<li><span class="n">${index + 1}</span><div class="what"><h3>${say(`trial.${step}Title`)}</h3><p>${say(`trial.${step}Lead`)}</p></div></li>`);
  const leave = running ? html`<form method="post" action="/trial/leave">${csrf}${key(say('trial.end'))}</form>` : none;
  return page(say('trial.title'), html`${head(say('trial.title'), { above: { to: '/accounts', words: say('accounts.title') }, under: say('trial.lead') })}
<div class="stack"><p class="note">${say('trial.apart')}</p><ol class="ledger">${lines}</ol>
<div class="keys"><form method="post" action="/trial">${csrf}${key(say(running ? 'trial.enter' : 'trial.do'), { main: true })}</form>${leave}<a class="btn" href="/accounts/connect">${say('accounts.connect')}</a></div></div>`);
}

/** POST /trial */
export async function beginTrial({ ports: { trial, publicUrl } }: Visit): Promise<Answer> {
  await trial.begin();
  return go('/', null, [enterTrial(isSecure(publicUrl))]);
}

/** POST /trial/leave: takes a browser out of it; whoever may begin one ends it, too. */
export async function quitTrial({ ports: { trial, publicUrl }, may }: Visit): Promise<Answer> {
  const ends = may('post /trial');
  if (ends) await trial.end();
  return go('/', { key: ends ? 'trial.ended' : 'trial.left' }, [leaveTrial(isSecure(publicUrl))]);
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
