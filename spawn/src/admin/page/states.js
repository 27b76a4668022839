// The actors that were saved, and their states by revision.

import { byId, element, show, text } from './elements.js';
import { coloured } from './payload.js';
import { ask, query } from './requests.js';
import { calendar, clock, number } from './values.js';

export function link(id) {
  const made = element('button', 'link', id);
  made.type = 'button';
  made.onclick = () => view(id);
  return made;
}

const stored = { items: [], next: null, asked: 0 };

export async function search(after = '') {
  const mine = ++stored.asked;
  const found = await ask(`api/actors/stored?${query({ search: byId('search').value.trim(), after })}`);
  // Another search has begun meanwhile.
  if (mine !== stored.asked) return;
  stored.items = after ? [...stored.items, ...found.items] : found.items;
  stored.next = found.next;
  show(byId('stored'), stored.items, (id) => id, (id) => element('li', '', link(id)));
  byId('stored-more').hidden = found.next === null;
}

export const more = () => search(stored.next);

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
