// What the page asks for, and what it says of it.

import { byId, element } from './elements.js';

const TOLD = 6000;
export const TOKEN = 'spawn-admin-token';

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The answer as JSON; a `Refused` if there is one that is none, another error if there is no answer. */
export async function ask(path, method = 'GET') {
  const token = sessionStorage.getItem(TOKEN);
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(path, { method, headers, signal: AbortSignal.timeout(40_000) });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer.error?.message ?? response.statusText);
  return answer;
}

export const query = (pairs) => new URLSearchParams(Object.entries(pairs).filter(([, value]) => value !== '' && value != null));

/** Says what became of something, for a moment. */
export function tell(text, css = '') {
  const item = element('li', css, text);
  byId('told').append(item);
  setTimeout(() => item.remove(), TOLD);
}

let changed = async () => {};

/** What is done when something was changed. */
export function onChange(look) {
  changed = look;
}

/** A button that changes something. */
export function act(label, css, path, done) {
  const button = element('button', css, label);
  button.type = 'button';
  button.onclick = async () => {
    button.disabled = true;
    try {
      await ask(path, 'POST');
      tell(done);
      await changed();
    } catch (error) {
      tell(error.message, 'refused');
    } finally {
      button.disabled = false;
    }
  };
  return button;
}
