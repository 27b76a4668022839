// Shows what the server tells, and asks it for more. Nothing is kept here that the server does not have.

const KEPT = 200;
const SECONDS = 60;

const byId = (id) => document.getElementById(id);
const money = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** What each channel is shown as. */
const CHANNELS = {
  'user.events': {
    css: 'users', rows: byId('user-rows'), count: byId('user-count'),
    show: (user) => [user.name, user.email, user.user_id],
  },
  'order.events': {
    css: 'orders', rows: byId('order-rows'), count: byId('order-count'),
    show: (order) => [order.item, `${money.format(order.amount / 100)} · ${order.customer}`, order.order_id],
  },
  'notification.events': {
    css: 'notifications', rows: byId('notification-rows'), count: byId('notification-count'),
    show: (note) => [note.text, `to ${note.recipient}`, note.notification_id],
  },
};

/** An element with a class and with what is in it; text is never read as HTML. */
function element(tag, css, ...content) {
  const made = document.createElement(tag);
  made.className = css;
  made.append(...content);
  return made;
}

// ---- rows ----

const loaded = Date.now();

function add(row) {
  const channel = CHANNELS[row.channel];
  if (!channel) return;
  const [title, detail, name] = channel.show(row.what);
  const at = element('time', '', clock.format(row.at));
  at.dateTime = new Date(row.at).toISOString();
  const item = element('li', row.at > loaded ? 'new' : '',
    element('strong', '', title), element('span', 'name', name), element('span', 'detail', detail), at);
  item.dataset.id = row.id;
  item.dataset.name = name;
  channel.rows.prepend(item);
  while (channel.rows.children.length > KEPT) channel.rows.lastChild.remove();
  channel.count.textContent = row.number.toLocaleString('en');
  if (row.channel === 'notification.events' && row.at > loaded) byId('news').textContent = title;
  note(row.channel, row.at);
}

/** What the server has does not go on from what is here. */
function forget() {
  for (const channel of Object.values(CHANNELS)) {
    channel.rows.replaceChildren();
    channel.count.textContent = '0';
  }
  seconds.clear();
}

// ---- connection ----

// ANCHOR: connect
/** The browser comes back by itself when the connection is lost, and says which row it had last. */
function connect() {
  forget();
  const events = new EventSource('/events');
  events.onopen = () => state('live');
  events.onmessage = (event) => add(JSON.parse(event.data));
  events.addEventListener('anew', forget);
  events.onerror = () => {
    state('reconnecting');
    // It was told something that is no stream, by a proxy for instance. It begins anew, as a page that was just loaded.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
  };
}
// ANCHOR_END: connect

function state(now) {
  const shown = byId('connection');
  if (shown.dataset.state === now) return;
  shown.dataset.state = now;
  shown.textContent = now;
}

// ---- the plot ----

/** The second since 1970 -> how many events of each channel. */
const seconds = new Map();

function note(channel, at) {
  const second = Math.floor(at / 1000);
  if (!seconds.has(second)) seconds.set(second, {});
  const counts = seconds.get(second);
  counts[channel] = (counts[channel] ?? 0) + 1;
}

function svg(tag, attributes, text) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The least number for the top of the plot that is not below `value`, and of which half is a whole number. */
function roundUp(value) {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [4, 6, 8, 10, 12, 16, 20, 30]) if (step * unit >= value) return step * unit;
  }
}

function draw() {
  const plot = byId('plot');
  const { width, height } = plot.getBoundingClientRect();
  if (width === 0) return;
  const last = Math.floor(Date.now() / 1000);
  const first = last - SECONDS + 1;
  for (const second of seconds.keys()) if (second < first) seconds.delete(second);

  const names = Object.keys(CHANNELS);
  const sum = (counts) => names.reduce((all, name) => all + (counts[name] ?? 0), 0);
  const top = roundUp(Math.max(0, ...[...seconds.values()].map(sum)));
  const [left, bottom] = [28, height - 20];
  const [wide, high] = [(width - left) / SECONDS, bottom - 8];

  const drawn = [];
  for (const part of [0, 0.5, 1]) {
    const y = bottom - part * high;
    drawn.push(svg('line', { x1: left, x2: width, y1: y, y2: y, class: 'grid' }));
    drawn.push(svg('text', { x: left - 8, y: y + 4, 'text-anchor': 'end' }, part * top));
  }
  for (const ago of [60, 45, 30, 15]) {
    const x = left + (SECONDS - ago) * wide;
    drawn.push(svg('text', { x, y: height - 3 }, `−${ago} s`));
  }
  drawn.push(svg('text', { x: width, y: height - 3, 'text-anchor': 'end' }, 'now'));
  if (seconds.size === 0) {
    const middle = { x: (left + width) / 2, y: bottom - high / 4 + 4, 'text-anchor': 'middle' };
    drawn.push(svg('text', middle, 'Nothing has happened in the last minute.'));
  }
  for (const [second, counts] of seconds) {
    let y = bottom;
    for (const name of names) {
      const tall = ((counts[name] ?? 0) / top) * high;
      if (tall === 0) continue;
      y -= tall;
      const x = left + (second - first) * wide;
      const place = { x: x + 1, y, width: Math.max(wide - 2, 1), height: tall };
      drawn.push(svg('rect', { ...place, class: CHANNELS[name].css, rx: 1 }));
    }
  }
  plot.replaceChildren(...drawn);

  const rates = names.map((name) => {
    let count = 0;
    for (let ago = 1; ago <= 10; ago += 1) count += seconds.get(last - ago)?.[name] ?? 0;
    return `${(count / 10).toFixed(1)}/s`;
  });
  byId('legend').querySelectorAll('b').forEach((rate, at) => { rate.textContent = rates[at]; });
  const heard = names.map((name, at) => `${name} ${rates[at]}`).join(', ');
  plot.setAttribute('aria-label', `Events per second by channel. Over the last ten seconds: ${heard}`);
}

function legend() {
  for (const [name, { css }] of Object.entries(CHANNELS)) {
    const rate = element('b', '', '0.0/s');
    rate.title = 'over the last ten seconds';
    byId('legend').append(element('li', css, name, ' ', rate));
  }
}

// ---- buttons ----

// ANCHOR: send
/** Asks until there is an answer. The key makes it one thing, however often it is asked for. */
async function send(path, body, waiting) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() };
  for (;;) {
    try {
      const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      if (answer.status !== 503) return { ok: answer.ok, ...await answer.json() };
    } catch {
      // The server is away, and nobody knows whether it has heard the question.
    }
    waiting();
    await new Promise((again) => setTimeout(again, 500));
  }
}
// ANCHOR_END: send

async function act(path, body, told) {
  const outcome = element('li', 'asked', 'asked …');
  byId('outcomes').prepend(outcome);
  while (byId('outcomes').children.length > 3) byId('outcomes').lastChild.remove();
  const answer = await send(path, body, () => {
    outcome.textContent = 'the server is away; asked again until it answers';
  });
  outcome.className = answer.ok ? 'done' : 'refused';
  if (answer.ok) {
    outcome.textContent = told(answer);
  } else {
    outcome.replaceChildren(
      element('code', '', answer.code), `: ${answer.message}. Nothing was saved, nothing was published.`);
  }
}

const pick = (all) => all[Math.floor(Math.random() * all.length)];
const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov', 'Alan Turing', 'Leslie Lamport',
  'Katherine Johnson', 'Donald Knuth', 'Frances Allen', 'Tony Hoare', 'Radia Perlman', 'Joe Armstrong'];
const ITEMS = ['Teapot', 'Notebook', 'Desk lamp', 'Fountain pen', 'Mechanical keyboard', 'Rubber duck'];

/** Somebody who is on the page, if there is anybody. */
function customer() {
  const users = byId('user-rows').querySelectorAll('.detail');
  return users.length > 0 ? pick([...users]).textContent : 'guest@example.org';
}

byId('create-user').onclick = () =>
  act('/users', { name: pick(NAMES) }, (user) => `${user.user_id} ${user.name} is saved`);
byId('create-order').onclick = () =>
  act('/orders', { customer: customer(), item: pick(ITEMS), amount: 500 + Math.floor(Math.random() * 9500) },
    (order) => `${order.order_id} ${order.item} is saved`);
byId('create-failing-order').onclick = () =>
  act('/orders', { customer: customer(), item: 'Yacht', amount: 25_000_000 }, (order) => `${order.order_id} is saved`);

legend();
connect();
draw();
setInterval(draw, 500);
new ResizeObserver(draw).observe(byId('plot'));
