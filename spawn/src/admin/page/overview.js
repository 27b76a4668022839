// What is shown all the time: tiles, dead letters, subscriptions, the actors in memory, what waits.

import { byId, element, rest, row, show, text } from './elements.js';
import { opened } from './payload.js';
import { act } from './requests.js';
import { link } from './states.js';
import { age, calendar, number, span } from './values.js';

export function tiles(seen) {
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

export function letters({ items, next }) {
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

export function subscriptions(all) {
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

export function actors({ items, next }) {
  show(byId('actors'), items, (it) => it.id, (it) => {
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

export function schedules({ items, next }) {
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
