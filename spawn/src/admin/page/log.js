// The newest events, and older ones.

import { byId, element, row, show, text } from './elements.js';
import { opened } from './payload.js';
import { Refused, ask, query } from './requests.js';
import { clock, number } from './values.js';

/** What is shown of the channel or pattern that was typed in. */
const log = { older: [], next: null, asked: 0, head: -1 };

export async function events(before = '') {
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

export const older = () => events(log.next);

/** Shows what was published up to `head`. Who reads older events is not disturbed by newer ones. */
export async function follow(head) {
  if (head === log.head || log.older.length > 25) return;
  await events();
  log.head = head;
}

/** Another start has another log. */
export function forget() {
  log.head = -1;
}
