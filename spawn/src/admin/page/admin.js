// Shows what the server tells, again and again. Nothing is kept here that the server does not have.

import { byId, text } from './elements.js';
import { events, follow, forget, older } from './log.js';
import { actors, letters, schedules, subscriptions, tiles } from './overview.js';
import { program } from './program.js';
import { TOKEN, ask, onChange, tell } from './requests.js';
import { more, search } from './states.js';
import { number, setNow } from './values.js';

const EVERY = 1000;

/** Which start of the system is shown. */
let epoch = null;

function state(word) {
  const place = byId('connection');
  place.dataset.state = word;
  text(place, word);
}

/** Shows everything as it is now. */
async function look() {
  const seen = await ask('api/overview');
  setNow(seen.now);
  if (seen.epoch !== epoch) {
    // It has started again, and may be another program.
    await program();
    forget();
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
  await follow(seen.head);
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

/** Does what was asked for, or says why not. */
const doing = (what) => () => what().catch((error) => tell(error.message, 'refused'));
byId('search').oninput = doing(() => search());
byId('stored-more').onclick = doing(more);
byId('channel').oninput = doing(() => events());
byId('log-more').onclick = doing(older);
byId('viewer-close').onclick = () => byId('viewer').close();

onChange(look);
run();
