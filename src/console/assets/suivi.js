// What pages do beyond forms and links; without it they work as well.

// Live: one stream per visible page. Pieces with data-live fetch themselves anew when something happened.
const live = document.querySelector('[data-live-state]');
let stream = null;
let waiting = null;

function refresh() {
  if (waiting !== null) return;
  waiting = setTimeout(() => {
    waiting = null;
    document.body.dispatchEvent(new CustomEvent('suivi-changed'));
  }, 400);
}

function show(on) {
  if (live === null) return;
  live.className = on ? 'sync accepted' : 'sync held';
  live.textContent = on ? live.dataset.on : live.dataset.off;
}

function listen() {
  if (stream !== null || document.querySelector('[data-live]') === null) return;
  // Whatever happened since the page was made is told at once: before its first connection, and between two.
  stream = new EventSource(`/events?since=${encodeURIComponent(document.body.dataset.since ?? '')}`);
  stream.addEventListener('hello', () => show(true));
  stream.addEventListener('changed', refresh);
  stream.addEventListener('error', () => show(false));
}

function hush() {
  stream?.close();
  stream = null;
}

// A hidden page holds no connection: browsers allow six to one address.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hush();
  else listen();
});
addEventListener('pagehide', hush);
addEventListener('pageshow', listen);

// Choose all: the box in a table's head.
document.addEventListener('change', ({ target }) => {
  const form = target.closest('form');
  if (target.matches('[data-choose-all]')) for (const box of form.querySelectorAll('.pick input:not([data-choose-all])')) box.checked = target.checked;
  if (!target.matches('.pick input')) return;
  for (const place of form.querySelectorAll('[data-chosen]')) {
    const n = form.querySelectorAll('.pick input:checked:not([data-choose-all])').length;
    place.textContent = place.dataset[n === 1 ? 'one' : 'other'].replace('#', n);
  }
});

// Copy what stands in the field beside the button.
document.addEventListener('click', ({ target }) => {
  const key = target.closest('[data-copy]');
  if (key === null) return;
  const field = document.getElementById(key.dataset.copy);
  field.select();
  void navigator.clipboard?.writeText(field.value).then(() => (key.textContent = key.dataset.copied));
});
for (const key of document.querySelectorAll('[data-copy]')) key.hidden = false;
for (const key of document.querySelectorAll('[data-print]')) {
  key.hidden = false;
  key.addEventListener('click', () => print());
}

// A grid: a pasted column goes down its rows; what a scanner ends with Enter goes on to the next row.
document.addEventListener('paste', (event) => {
  const lines = (event.clipboardData?.getData('text') ?? '').split(/\r?\n/).map((line) => line.trim());
  if (!event.target.matches('[data-column]') || lines.filter(Boolean).length < 2) return;
  event.preventDefault();
  const cells = [...event.target.form.querySelectorAll('[data-column]')];
  const from = cells.indexOf(event.target);
  for (const [n, line] of lines.entries()) if (line !== '' && cells[from + n] !== undefined) cells[from + n].value = line;
  cells[Math.min(from + lines.length, cells.length) - 1]?.focus();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches('[data-column]')) return;
  const cells = [...event.target.form.querySelectorAll('[data-column]')];
  const next = cells[cells.indexOf(event.target) + 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.select();
});

// A list in an order of its own: a row is dragged by its handle. The keys beside it do the same without.
let dragged = null;
for (const grip of document.querySelectorAll('[data-grip]')) {
  grip.hidden = false;
  grip.draggable = true;
}
document.addEventListener('dragstart', (event) => {
  if (!event.target.matches?.('[data-grip]')) return;
  const row = event.target.closest('tr');
  dragged = { row, before: row.nextSibling };
  row.classList.add('dragged');
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', '');
  event.dataTransfer.setDragImage(row, 0, 0);
});
document.addEventListener('dragover', (event) => {
  const over = event.target.closest?.('[data-places] > tr');
  if (dragged === null || over?.parentNode !== dragged.row.parentNode) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (over !== dragged.row) over[event.clientY < top + height / 2 ? 'before' : 'after'](dragged.row);
});
document.addEventListener('drop', (event) => {
  if (dragged === null) return;
  event.preventDefault();
  const { row } = dragged;
  dragged = null;
  const form = row.closest('form');
  form.elements.dragged.value = `to-${row.querySelector('[data-grip]').dataset.grip}-${[...row.parentNode.children].indexOf(row) + 1}`;
  form.requestSubmit();
});
document.addEventListener('dragend', () => {
  if (dragged === null) return;
  dragged.row.classList.remove('dragged');
  dragged.row.parentNode.insertBefore(dragged.row, dragged.before);
  dragged = null;
});
