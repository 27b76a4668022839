// Shows what the server tells, again and again. Nothing is kept here that the server does not have.

import { draw } from './topology.js';

const EVERY = 1000;
const TOLD = 6000;
const TOKEN = 'spawn-admin-token';

const byId = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });
const calendar = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const number = (value) => value.toLocaleString('en');

/** An element with a class and with what is in it; text is never read as HTML. */
function element(tag, css, ...content) {
  const made = document.createElement(tag);
  if (css) made.className = css;
  made.append(...content);
  return made;
}

// ---- requests ----

class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The answer as JSON; a `Refused` if there is one that is none, another error if there is no answer. */
async function ask(path, method = 'GET') {
  const token = sessionStorage.getItem(TOKEN);
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { method, headers, signal: AbortSignal.timeout(40_000) });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer.error?.message ?? response.statusText);
  return answer;
}

const query = (pairs) => new URLSearchParams(Object.entries(pairs).filter(([, value]) => value !== '' && value != null));

/** Says what became of something, for a moment. */
function tell(text, css = '') {
  const item = element('li', css, text);
  byId('told').append(item);
  setTimeout(() => item.remove(), TOLD);
}

/** A button that changes something. */
function act(label, css, path, done) {
  const button = element('button', css, label);
  button.type = 'button';
  button.onclick = async () => {
    button.disabled = true;
    try {
      await ask(path, 'POST');
      tell(done);
      await look();
    } catch (error) {
      tell(error.message, 'refused');
    } finally {
      button.disabled = false;
    }
  };
  return button;
}

// ---- pieces ----

/** Shows items as children: what is there stays, in its place, so that nothing that is pressed or read goes away under the hand. */
function show(container, items, key, make, update = () => {}) {
  const there = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let before = null;
  for (const item of items) {
    const name = String(key(item));
    let child = there.get(name);
    there.delete(name);
    if (!child) {
      child = make(item);
      child.dataset.key = name;
    }
    update(child, item);
    const place = before ? before.nextSibling : container.firstChild;
    if (place !== child) container.insertBefore(child, place);
    before = child;
  }
  for (const child of there.values()) child.remove();
}

/** Sets a text, and touches nothing if it is there. */
function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

function row(...cells) {
  return element('tr', '', ...cells.map(([css, ...content]) => element('td', css, ...content)));
}

/** How long ago, or how long it takes. */
function span(seconds) {
  const steps = [[86_400, 'd'], [3_600, 'h'], [60, 'min']];
  const [length, unit] = steps.find(([length]) => seconds >= length) ?? [1, 's'];
  const value = seconds / length;
  return `${value < 10 && unit !== 's' ? value.toFixed(1) : Math.floor(value)} ${unit}`;
}

/** JSON in colours. */
function coloured(json) {
  const code = element('code', 'json');
  const parts = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  let end = 0;
  for (const part of json.matchAll(parts)) {
    code.append(json.slice(end, part.index));
    const css = part[2] ? 'key' : part[1] ? 'text' : 'other';
    code.append(element('span', css, part[1] ?? part[0]), part[2] ?? '');
    end = part.index + part[0].length;
  }
  code.append(json.slice(end));
  return code;
}

function payload(shown) {
  if (shown.json !== undefined) return JSON.stringify(shown.json);
  return `${shown.type}, ${number(shown.size)} bytes: ${shown.hex.slice(0, 64)}${shown.hex.length > 64 ? '…' : ''}`;
}

/** A payload in one line, which a press opens. */
function opened(shown) {
  const line = element('span', 'inline', payload(shown));
  line.title = shown.type;
  return line;
}

// ---- what there is ----

function tiles(seen) {
  const tile = (id, css, value, about) => {
    const [, strong, quiet] = byId(id).children;
    byId(id).className = `card tile ${css}`;
    text(strong, value);
    text(quiet, about);
  };
  const healthy = seen.healthy && seen.accepts;
  const health = !seen.accepts ? 'stopping' : seen.healthy ? 'healthy' : 'unhealthy';
  const why = seen.healthy ? `up ${span(age(seen.started))}` : 'the last commit did not reach the disk';
  tile('tile-health', healthy ? 'good' : 'bad', health, why);
  const busy = seen.actors.items.filter((actor) => actor.busy).length;
  tile('tile-actors', '', number(seen.active), busy ? `${busy} busy` : 'all idle');
  const behind = seen.subscriptions.filter((it) => it.lag > 0);
  const events = behind.reduce((sum, it) => sum + it.lag, 0);
  const oldest = Math.max(0, ...behind.map((it) => it.lag_seconds));
  const about = behind.length ? `${behind.length} of ${seen.subscriptions.length} subscriptions, ${span(oldest)}` : 'everybody is up to date';
  tile('tile-lag', events ? 'warn' : 'good', `${behind.some((it) => it.at_least) ? '≥ ' : ''}${number(events)}`, about);
  const letters = seen.dead_letters.items.length;
  const more = seen.dead_letters.next === null ? '' : '+';
  tile('tile-letters', letters ? 'bad' : 'good', `${letters}${more}`, letters ? 'to be looked at' : 'nothing was given up');
}

function letters({ items, next }) {
  show(byId('letters'), items, (it) => it.id, (it) => {
    const about = it.event ?? it.call;
    const what = it.event ? element('span', 'chip channel', it.event.channel)
      : element('span', 'chip', it.call ? `call of ${it.call.action}` : 'missed events');
    const who = element('div', 'who', element('strong', '', it.subscriber), what,
      element('span', 'quiet', `#${it.id} · ${calendar.format(new Date(it.at))} · ${it.attempts === 1 ? '1 attempt' : `${it.attempts} attempts`}`));
    const buttons = element('div', 'buttons');
    const path = `api/dead-letters/${it.id}`;
    if (!it.missed) {
      buttons.append(act('Replay', 'replay', `${path}/replay`, `The dead letter ${it.id} was replayed.`));
    }
    buttons.append(act('Discard', 'discard danger', `${path}/discard`, `The dead letter ${it.id} was discarded.`));
    const item = element('li', '', who, buttons, element('p', 'error', it.error));
    if (about) item.append(element('p', 'payload', opened(about.payload)));
    return item;
  });
  rest(byId('letters-more'), next, 'The oldest are shown; there are more.');
}

function subscriptions(all) {
  show(byId('subscriptions'), all, (it) => it.id, (it) => {
    const bar = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    bar.setAttribute('preserveAspectRatio', 'none');
    bar.append(document.createElementNS('http://www.w3.org/2000/svg', 'rect'));
    bar.firstChild.setAttribute('height', '100%');
    const name = element('strong', '', it.subscriber);
    const made = row(['name', name], ['', element('span', 'chip channel', it.pattern)],
      ['', element('div', 'lag', element('div', 'bar', bar), element('span', ''))], ['number']);
    if (!it.known) name.after(' ', element('span', 'chip lapsed', 'not in the program'));
    if (it.lapsed !== null) name.after(' ', element('span', 'chip lapsed', 'has lapsed'));
    return made;
  }, (made, it) => {
    const lag = made.querySelector('.lag');
    lag.dataset.lag = it.lag ?? '';
    lag.className = `lag ${it.lag > 1_000 ? 'bad' : it.lag > 0 ? 'warn' : 'good'}`;
    const width = it.lag ? Math.min(100, 8 + 23 * Math.log10(it.lag)) : 0;
    lag.querySelector('rect').setAttribute('width', `${width}%`);
    text(lag.querySelector('span'), it.lag === null ? 'by instance' : `${it.at_least ? '≥ ' : ''}${number(it.lag)}`);
    text(made.lastChild, it.lag ? span(it.lag_seconds) : '—');
  });
}

function actors({ items, next }) {
  // The members of a pool have one id.
  const seen = new Map();
  const key = (it) => {
    const count = (seen.get(it.id) ?? 0) + 1;
    seen.set(it.id, count);
    return `${it.id} ${count}`;
  };
  show(byId('actors'), items, key, (it) => {
    const name = it.revision === null && !it.busy ? element('span', 'id', it.id) : link(it.id);
    return row(['name', name, ' ', element('span', 'chip busy', 'busy')], ['number'], ['number'], ['number']);
  }, (made, it) => {
    made.querySelector('.busy').hidden = !it.busy;
    const [, revision, waiting, since] = made.children;
    text(revision, it.revision === null ? '—' : number(it.revision));
    text(waiting, number(it.waiting + it.events));
    text(since, span(age(it.since)));
  });
  rest(byId('actors-more'), next, 'The first ones are shown; there are more.');
}

function schedules({ items, next }) {
  show(byId('schedules'), items, (it) => it.id, (it) => {
    return row(['', element('time', '')], ['', element('span', 'id', it.target)], ['', it.action],
      ['', opened(it.payload)], ['number', String(it.attempts)],
      ['button', act('Cancel', 'danger cancel', `api/schedules/${it.id}/cancel`, `The call ${it.id} was cancelled.`)]);
  }, (made, it) => {
    const time = made.querySelector('time');
    const due = it.due === null ? 0 : -age(it.due);
    time.title = it.due === null ? 'due at once' : calendar.format(new Date(it.due));
    text(time, due > 0 ? `in ${span(due)}` : 'now');
    text(made.children[4], String(it.attempts));
  });
  rest(byId('schedules-more'), next, 'The first ones are shown; there are more.');
}

function rest(place, next, said) {
  place.hidden = next === null;
  text(place, said);
}

function link(id) {
  const made = element('button', 'link', id);
  made.type = 'button';
  made.onclick = () => view(id);
  return made;
}

// ---- saved actors ----

const stored = { items: [], next: null, asked: 0 };

async function search(after = '') {
  const mine = ++stored.asked;
  const found = await ask(`api/actors/stored?${query({ search: byId('search').value.trim(), after })}`);
  // Another search has begun meanwhile.
  if (mine !== stored.asked) return;
  stored.items = after ? [...stored.items, ...found.items] : found.items;
  stored.next = found.next;
  show(byId('stored'), stored.items, (id) => id, (id) => element('li', '', link(id)));
  byId('stored-more').hidden = found.next === null;
}

// ---- events ----

const log = { older: [], next: null, asked: 0, head: -1 };

async function events(before = '') {
  const mine = ++log.asked;
  try {
    const found = await ask(`api/log?${query({ channel: byId('channel').value.trim(), before, limit: 25 })}`);
    if (mine !== log.asked) return;
    text(byId('log-failed'), '');
    log.older = before ? [...log.older, ...found.items] : found.items;
    if (before || log.next === null || log.older.length <= 25) log.next = found.next;
    const seen = log.older;
    show(byId('log'), seen, (it) => it.position, (it) => row(['number', number(it.position)],
      ['', element('span', 'chip channel', it.channel)], ['', clock.format(new Date(it.at))],
      ['', it.publisher ? element('span', 'id', it.publisher) : '—'], ['', opened(it.payload)]));
    byId('log-more').hidden = log.next === null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    text(byId('log-failed'), error.message);
  }
}

// ---- states ----

const viewed = { id: '', asked: 0 };

async function view(id, revision) {
  const mine = ++viewed.asked;
  const dialog = byId('viewer');
  text(byId('viewer-title'), id);
  if (viewed.id !== id) {
    byId('revisions').replaceChildren();
    byId('state').replaceChildren();
    text(byId('viewer-about'), '');
  }
  viewed.id = id;
  text(byId('viewer-failed'), '');
  if (!dialog.open) dialog.showModal();
  try {
    const seen = await ask(`api/actors/state?${query({ id, revision })}`);
    if (mine !== viewed.asked) return;
    const tags = Object.entries(seen.tags ?? {}).map(([key, value]) => ` · ${key}: ${value}`).join('');
    text(byId('viewer-about'), seen.state ? `${seen.state.type} · revision ${seen.revision} · ${number(seen.state.size)} bytes · ${calendar.format(new Date(seen.at))}${tags}` : 'Only its place in its channels was saved.');
    show(byId('revisions'), seen.kept, (it) => it.revision, (it) => {
      const button = element('button', '', element('strong', '', `Revision ${it.revision}`), element('span', '', clock.format(new Date(it.at))));
      button.type = 'button';
      button.onclick = () => view(id, it.revision);
      return element('li', '', button);
    }, (item, it) => item.firstChild.setAttribute('aria-current', it.revision === seen.revision));
    const { json, hex, size } = seen.state ?? {};
    if (json !== undefined) byId('state').replaceChildren(coloured(JSON.stringify(json, null, 2)));
    else byId('state').textContent = hex === undefined ? '' : `${hex}${size > hex.length / 2 ? '…' : ''}`;
  } catch (error) {
    text(byId('viewer-failed'), error.message);
  }
}

// ---- the program ----

function definitions(all) {
  byId('definitions').replaceChildren(...all.map((it) => {
    const summary = element('summary', '', element('strong', '', it.name), element('span', 'chip', it.kind),
      element('span', 'chip', it.stateful ? 'stateful' : 'stateless'), element('span', 'quiet', `${it.type} · ${it.location}`));
    const list = element('dl', '');
    const add = (name, value) => list.append(element('dt', '', name), element('dd', '', value));
    for (const action of it.actions) {
      const clauses = action.clauses.map((clause) => `${clause.payload ?? 'any'} → ${clause.response}${clause.optional ? ' or nothing' : ''}`);
      add(action.name, clauses.join('; ') + (action.timer_seconds ? ` · every ${action.timer_seconds} s` : ''));
    }
    for (const entry of it.channels) {
      const options = [entry.from_start && 'from start', entry.wakes_eagerly && 'wakes', entry.routed && 'routed'].filter(Boolean);
      add(`⟵ ${entry.pattern}`, [entry.action, ...options].join(' · '));
    }
    if (it.publishes.length) add('publishes', it.publishes.join(', '));
    add('limits', `mailbox ${it.mailbox}, ${it.attempts} attempts, asleep after ${it.deactivate_timeout_seconds} s, calls time out after ${it.ask_timeout_seconds} s`
      + (it.stateful ? `, ${it.revisions} revisions` : ''));
    return element('details', '', summary, list);
  }));
}

async function program() {
  const [defined, drawn] = await Promise.all([ask('api/definitions'), ask('api/topology')]);
  definitions(defined);
  draw(byId('topology'), drawn);
  text(byId('mermaid'), drawn.mermaid);
}

// ---- again and again ----

let now = Date.now();
let epoch = null;

/** How many seconds ago a time was, by the clock of the system. */
const age = (time) => (now - Date.parse(time)) / 1000;

function state(word) {
  const place = byId('connection');
  place.dataset.state = word;
  text(place, word);
}

/** Shows everything as it is now. */
async function look() {
  const seen = await ask('api/overview');
  now = Date.parse(seen.now);
  if (seen.epoch !== epoch) {
    // It has started again, and may be another program.
    await program();
    log.head = -1;
    await search();
    epoch = seen.epoch;
  }
  document.title = `${seen.system} · spawn admin`;
  text(byId('system'), seen.system);
  text(byId('about'), `spawn ${seen.version} · start ${seen.epoch} · ${number(seen.head)} events`);
  tiles(seen);
  letters(seen.dead_letters);
  subscriptions(seen.subscriptions);
  actors(seen.actors);
  schedules(seen.schedules);
  // Who reads older events is not disturbed by newer ones.
  if (seen.head !== log.head && log.older.length <= 25) {
    await events();
    log.head = seen.head;
  }
  byId('main').hidden = false;
  byId('sign-in').hidden = true;
}

async function run() {
  for (;;) {
    try {
      await look();
      state('live');
    } catch (error) {
      if (error.status === 401) return signIn(sessionStorage.getItem(TOKEN) ? 'This is not the token.' : '');
      if (error.status === 403) text(byId('about'), error.message);
      state('reconnecting');
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

function signIn(failed) {
  sessionStorage.removeItem(TOKEN);
  state('waiting');
  text(byId('sign-in-failed'), failed);
  byId('main').hidden = true;
  byId('sign-in').hidden = false;
  byId('token').focus();
}

byId('sign-in').onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId('token').value.trim());
  byId('token').value = '';
  state('connecting');
  run();
};
byId('search').oninput = () => search().catch((error) => tell(error.message, 'refused'));
byId('stored-more').onclick = () => search(stored.next).catch((error) => tell(error.message, 'refused'));
byId('channel').oninput = () => events().catch((error) => tell(error.message, 'refused'));
byId('log-more').onclick = () => events(log.next).catch((error) => tell(error.message, 'refused'));
byId('viewer-close').onclick = () => byId('viewer').close();

run();
