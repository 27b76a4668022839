// Draws who publishes to which channel, and who listens: publishers on the left, channels and patterns in the middle, listeners on the
// right. An actor that does both is on both sides.

const SVG = 'http://www.w3.org/2000/svg';
const ROW = 34;
const HEIGHT = 26;
const TOP = 34;
const COLUMNS = [
  { x: 0, width: 190, head: 'publish to' },
  { x: 300, width: 190, head: 'channels' },
  { x: 590, width: 190, head: 'patterns' },
  { x: 880, width: 220, head: 'are handled by' },
];

function svg(tag, attributes, ...content) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** In which column a node stands as the beginning and as the end of arrows. */
function places(node) {
  if (node.shape === 'channel') return /[*>]/.test(node.name) ? [2, 2] : [1, 1];
  return [0, 3];
}

function css(node) {
  return node.shape === 'channel' ? 'channel' : node.shape === 'subscriber' ? 'subscriber' : 'actor';
}

/** The boxes, each in its column: `from:a0`, `to:a0`, `from:c0`, which is `to:c0` as well. */
function boxes({ nodes, edges }) {
  const made = new Map();
  const columns = COLUMNS.map(() => []);
  for (const node of nodes) {
    const [from, to] = places(node);
    const begins = edges.some((edge) => edge.from === node.id);
    const ends = edges.some((edge) => edge.to === node.id);
    const add = (column) => {
      const box = { node, column, near: [] };
      columns[column].push(box);
      return box;
    };
    if (from === to) {
      const box = add(from);
      made.set(`from:${node.id}`, box).set(`to:${node.id}`, box);
      continue;
    }
    if (begins) made.set(`from:${node.id}`, add(from));
    if (ends || !begins) made.set(`to:${node.id}`, add(to));
  }
  return { made, columns };
}

/** Puts each box near those that it is linked with, a few times over, so that few arrows cross. */
function order(columns, links) {
  for (const { from, to } of links) {
    from.near.push(to);
    to.near.push(from);
  }
  const place = () => columns.forEach((column) => column.forEach((box, index) => {
    box.y = TOP + index * ROW + ((tallest - column.length) * ROW) / 2;
  }));
  const tallest = Math.max(...columns.map((column) => column.length));
  place();
  for (let time = 0; time < 6; time++) {
    for (const column of columns) {
      const middle = new Map(column.map((box) => [box, box.near.length
        ? box.near.reduce((sum, other) => sum + other.y, 0) / box.near.length : box.y]));
      column.sort((one, other) => middle.get(one) - middle.get(other));
      place();
    }
  }
  return TOP + tallest * ROW;
}

function short(name, width) {
  const most = Math.floor((width - 20) / 7.3);
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

export function draw(container, topology) {
  const { made, columns } = boxes(topology);
  const links = topology.edges.map((edge) => ({ edge, from: made.get(`from:${edge.from}`), to: made.get(`to:${edge.to}`) }));
  const height = order(columns, links);
  const used = columns.map((column) => column.length > 0);
  const label = 'Who publishes to which channel, and who listens';
  const picture = svg('svg', { viewBox: `0 0 1100 ${height}`, role: 'img', 'aria-label': label });
  COLUMNS.forEach(({ x, head }, index) => {
    if (used[index]) picture.append(svg('text', { x, y: 14, class: 'head' }, head));
  });
  for (const { edge, from, to } of links) {
    const [begin, end] = [COLUMNS[from.column], COLUMNS[to.column]];
    const [x1, y1, x2, y2] = [begin.x + begin.width, from.y + HEIGHT / 2, end.x, to.y + HEIGHT / 2];
    const bend = Math.max(40, (x2 - x1) / 2);
    const path = svg('path', { class: edge.link, d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
    const said = { handled: `handled by ${edge.action}`, received: 'received', published: 'published', stands_for: 'is one of' }[edge.link];
    path.append(svg('title', {}, `${from.node.name} → ${to.node.name}: ${said}`));
    path.ends = [from.node.id, to.node.id];
    picture.append(path);
  }
  for (const box of columns.flat()) {
    const { x, width } = COLUMNS[box.column];
    const round = box.node.shape === 'subscriber' ? HEIGHT / 2 : box.node.shape === 'channel' ? 4 : 7;
    const group = svg('g', { class: `node ${css(box.node)}` },
      svg('title', {}, `${box.node.name} (${box.node.shape})`),
      svg('rect', { x: x + 0.5, y: box.y + 0.5, width: width - 1, height: HEIGHT - 1, rx: round }),
      svg('text', { x: x + 10, y: box.y + HEIGHT / 2 + 4 }, short(box.node.name, width)));
    group.onmouseenter = () => {
      picture.classList.add('apart');
      for (const path of picture.querySelectorAll('path')) path.classList.toggle('near', path.ends.includes(box.node.id));
    };
    group.onmouseleave = () => picture.classList.remove('apart');
    picture.append(group);
  }
  container.replaceChildren(picture);
}
