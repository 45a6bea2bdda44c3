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

// A file may be dropped anywhere on a page that asks for one: it goes into the field, and is sent by the same key.
const drop = document.querySelector('[data-drop]');
const holdsFiles = (event) => drop !== null && [...(event.dataTransfer?.types ?? [])].includes('Files');
document.addEventListener('dragover', (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
  document.body.classList.add('dropping');
});
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) document.body.classList.remove('dropping');
});
document.addEventListener('drop', (event) => {
  document.body.classList.remove('dropping');
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const [first] = event.dataTransfer.files;
  if (first === undefined) return;
  const one = new DataTransfer();
  one.items.add(first);
  drop.files = one.files;
  const told = document.querySelector('[data-dropped]');
  told.textContent = told.dataset.dropped.replace('#', first.name);
  drop.form.querySelector('.btn.main')?.focus();
});

// Keys that are quicker than the mouse: none while somebody types, none with a modifier, none where they are turned off.
const help = document.querySelector('[data-help]');
const rowsOf = () => [...document.querySelectorAll('main .rows tbody tr, main .ledger > li')].filter((row) => row.querySelector('a[href]') !== null);
let going = 0;

function step(by) {
  const rows = rowsOf();
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const to = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  to?.querySelector('a[href]').focus();
  return to !== undefined;
}

function pressed(key) {
  if (going > Date.now()) {
    going = 0;
    const link = [...document.querySelectorAll('[data-go]')].find((one) => one.dataset.go === key);
    link?.click();
    return link !== undefined;
  }
  switch (key) {
    case 'g':
      going = Date.now() + 2_000;
      return true;
    case 'j':
      return step(1);
    case 'k':
      return step(-1);
    case 'x': {
      const box = document.activeElement?.closest('tr')?.querySelector('.pick input');
      box?.click();
      return box != null;
    }
    case '/': {
      const field = document.querySelector('main input[type=search]');
      field?.focus();
      return field !== null;
    }
    case '?':
      if (help === null) return false;
      help.open = true;
      help.querySelector('summary').focus();
      return true;
    default:
      return false;
  }
}
document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  if (document.body.dataset.keys === undefined || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.matches?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')) return;
  if (pressed(key)) event.preventDefault();
});
