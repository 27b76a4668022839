// Messages.

import { element } from './elements.js';
import { number } from './values.js';

/** JSON in colours. */
export function coloured(json) {
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
export function opened(shown) {
  const line = element('span', 'inline', payload(shown));
  line.title = shown.type;
  return line;
}
