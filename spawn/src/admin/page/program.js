// What the program defines, and who listens to what.

import { byId, element, text } from './elements.js';
import { ask } from './requests.js';
import { draw } from './topology.js';

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

export async function program() {
  const [defined, drawn] = await Promise.all([ask('api/definitions'), ask('api/topology')]);
  definitions(defined);
  draw(byId('topology'), drawn);
  text(byId('mermaid'), drawn.mermaid);
}
