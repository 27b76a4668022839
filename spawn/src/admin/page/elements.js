// Elements of the page.

export const byId = (id) => document.getElementById(id);

/** An element with a class and with what is in it; text is never read as HTML. */
export function element(tag, css, ...content) {
  const made = document.createElement(tag);
  if (css) made.className = css;
  made.append(...content);
  return made;
}

/** Shows items as children: what is there stays, in its place, so that nothing that is pressed or read goes away under the hand. */
export function show(container, items, key, make, update = () => {}) {
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
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

export function row(...cells) {
  return element('tr', '', ...cells.map(([css, ...content]) => element('td', css, ...content)));
}

export function rest(place, next, said) {
  place.hidden = next === null;
  text(place, said);
}
