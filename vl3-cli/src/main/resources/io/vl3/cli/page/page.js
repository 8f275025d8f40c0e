'use strict';

const MOST_EVENTS = 200;
const MOST_ROWS = 100;
const SVG = 'http://www.w3.org/2000/svg';
const find = id => document.getElementById(id);

/**
 * What is drawn, by the id of its node or bundle of links, with what was shown of it last: only what changed is
 * touched, and the document is not read to find that out.
 */
const drawnNodes = new Map();
const drawnLinks = new Map();
/** The rows of the tables and lists, in their order, each with the parts that change. */
const shownLinks = [];
const shownPools = [];
/** What passes over links, by their ids; and the cells of the table that say so. */
const traffic = new Map();
const cells = new Map();
const MOST_LABELS = 60;
/** In a larger network the well links of an NSE are one line each kind, and names are told when asked for. */
const MOST_LINES = 500;
const MOST_NAMES = 200;
let chosen = [];

function element(name, attributes, text) {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawn(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

const MOODS = {
  up: 'good', attached: 'good', 'refresh-requested': 'good', degraded: 'bad', 'backing-off': 'bad', down: 'bad'};

function mood(state) {
  return MOODS[state] || 'warn';
}

/** NSEs on a circle, each with its workloads outside of it. */
function places(state) {
  const at = new Map();
  const nses = state.nodes.filter(node => node.kind === 'nse');
  const server = new Map(
    state.links.filter(link => link.kind === 'workload').map(link => [link.from, link.to]));
  const place = (angle, radius) => {
    const tenth = number => Math.round(number * 10) / 10;
    const [x, y] = [tenth(500 + radius * Math.cos(angle)), tenth(500 + radius * Math.sin(angle))];
    return {x, y, start: `M${x} ${y}`, end: `L${x} ${y}`};
  };
  const spread = (nodes, middle, width) => nodes.forEach((node, i) =>
    at.set(node.id, place(middle + ((i + 0.5) / nodes.length - 0.5) * width, 400)));
  const byServer = new Map();
  state.nodes.filter(node => node.kind === 'workload').forEach(node => {
    const nse = server.get(node.id) || '';
    if (!byServer.has(nse)) byServer.set(nse, []);
    byServer.get(nse).push(node);
  });
  const sector = 2 * Math.PI / Math.max(1, nses.length);
  nses.forEach((nse, i) => {
    const angle = i * sector - Math.PI;
    at.set(nse.id, place(angle, nses.length === 1 ? 0 : 230));
    spread(byServer.get(nse.id) || [], angle, sector * 0.8);
  });
  spread(byServer.get('') || [], Math.PI / 4, 0.8);
  return at;
}

/** What lies over what: links that are well, all others, nodes, and a name that is told while somebody points. */
const [wells, others, marks, tip] = ['links', 'links', 'nodes', 'tip'].map(name => {
  const layer = drawn('g', {class: name});
  find('drawing').append(layer);
  return layer;
});
tip.setAttribute('aria-hidden', true);

/** Whether any of the values differs from what the parts showed last, which they are from now on. */
function news(parts, ...values) {
  const same = parts.last !== undefined && values.every((value, i) => value === parts.last[i]);
  parts.last = values;
  return !same;
}

function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function sweep(kept, shown) {
  shown.forEach((parts, id) => {
    if (!kept.has(id)) {
      parts.root.remove();
      if (parts.label) parts.label.remove();
      shown.delete(id);
    }
  });
}

const lineOf = link => link.from + ' ' + link.to;

/** What is drawn as one, by its id: a link, or in a large network all of an NSE that are well. */
function bundles(state, at, names) {
  const many = state.links.length > MOST_LINES;
  const found = new Map();
  state.links.forEach(link => {
    const [from, to] = [at.get(link.from), at.get(link.to)];
    if (!from || !to) return;
    const feeling = mood(link.state);
    const together = many && feeling === 'good';
    const id = together ? link.kind + ' of ' + link.to : lineOf(link);
    let bundle = found.get(id);
    if (!bundle) {
      bundle = {
        kind: link.kind, mood: feeling, way: '', count: 0,
        one: together ? '' : `${names.get(link.from)} to ${names.get(link.to)}: ${link.state}`,
        to: names.get(link.to), middle: [(from.x + to.x) / 2, (from.y + to.y) / 2]};
      found.set(id, bundle);
    }
    bundle.way += from.start + to.end;
    bundle.count++;
  });
  return found;
}

function drawLinks(found) {
  found.forEach((bundle, id) => {
    let parts = drawnLinks.get(id);
    if (!parts) {
      const root = drawn('path', {});
      const title = drawn('title', {});
      root.append(title);
      parts = {root, title};
      drawnLinks.set(id, parts);
    }
    parts.middle = bundle.middle;
    const title = bundle.one || `${bundle.to}: ${bundle.count} of kind ${bundle.kind}, well`;
    if (!news(parts, bundle.kind, bundle.mood, bundle.way, title)) return;
    const layer = bundle.mood === 'good' ? wells : others;
    if (parts.root.parentNode !== layer) layer.append(parts.root);
    parts.root.setAttribute('class', `link ${bundle.kind} ${bundle.mood}`);
    parts.root.setAttribute('d', bundle.way);
    parts.title.textContent = title;
  });
  sweep(found, drawnLinks);
}

function drawNodes(state, at) {
  const kept = new Set();
  const fresh = document.createDocumentFragment();
  const named = state.nodes.length <= MOST_NAMES;
  state.nodes.forEach(node => {
    kept.add(node.id);
    const nse = node.kind === 'nse';
    let parts = drawnNodes.get(node.id);
    if (!parts) {
      const root = drawn('g', {tabindex: 0, role: 'button'});
      root.append(drawn('circle', {r: nse ? 18 : 9}));
      fresh.append(root);
      parts = {root};
      drawnNodes.set(node.id, parts);
      root.node = node.id;
    }
    parts.node = node;
    const {x, y} = at.get(node.id);
    if (!news(parts, node.kind, node.state, node.name, node.detail, x, y, chosen.includes(node.name), named)) return;
    parts.root.setAttribute('transform', `translate(${x} ${y})`);
    parts.root.setAttribute('class',
      `node ${node.kind} ${mood(node.state)}${chosen.includes(node.name) ? ' chosen' : ''}`);
    parts.root.setAttribute('aria-label', `${node.kind} ${node.name} ${node.detail}: ${node.state}`);
    while (parts.root.children.length > 1) parts.root.lastChild.remove();
    if (named) tell(parts.root, node);
  });
  find('drawing').classList.toggle('many', !named);
  marks.append(fresh);
  sweep(kept, drawnNodes);
}

/** The name and detail below a node. */
function tell(target, node) {
  const nse = node.kind === 'nse';
  const lines = [drawn('text', {y: nse ? 40 : 27}, node.name)];
  if (node.detail) lines.push(drawn('text', {class: 'detail', y: nse ? 57 : 43}, node.detail));
  target.append(...lines);
}

/** The node that an event is about. */
function nodeOf(event) {
  const root = event.target.closest && event.target.closest('g.node');
  return root && drawnNodes.get(root.node);
}

/** In a large network the node with the focus, or below the pointer, has its name told above all others. */
function point(event) {
  const parts = nodeOf(event);
  if (!parts || drawnNodes.size <= MOST_NAMES) return;
  tip.replaceChildren();
  if (event.type !== 'focusin' && event.type !== 'pointerover') return;
  tip.setAttribute('transform', parts.root.getAttribute('transform'));
  tell(tip, parts.node);
}

find('drawing').addEventListener('click', event => choose(nodeOf(event)));
find('drawing').addEventListener('keydown', event => {
  const parts = nodeOf(event);
  if (parts && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault();
    choose(parts);
  }
});
['focusin', 'focusout', 'pointerover', 'pointerout'].forEach(name => find('drawing').addEventListener(name, point));

/** Two workloads chosen, one after the other: the way between them. */
async function choose(parts) {
  if (!parts || parts.node.kind !== 'workload') return;
  const {node} = parts;
  chosen = chosen.length === 1 ? [chosen[0], node.name] : [node.name];
  drawnNodes.forEach(({root, node: each}) => root.classList.toggle('chosen', chosen.includes(each.name)));
  if (chosen.length < 2) {
    find('way').textContent = `From ${chosen[0]} to ... choose another workload.`;
    return;
  }
  const query = new URLSearchParams({from: chosen[0], to: chosen[1]});
  const answer = await fetch('api/path?' + query);
  find('way').textContent = await answer.text();
}

function counted(number, one, more) {
  return `${number} ${number === 1 ? one : more}`;
}

function list(target, rows) {
  target.replaceChildren(...rows);
}

/** As many rows as there are things, those that are there used again; each is then filled. */
function fill(target, rows, things, make, show) {
  while (rows.length > things.length) rows.pop().root.remove();
  const fresh = document.createDocumentFragment();
  things.forEach((thing, i) => {
    if (i >= rows.length) {
      rows.push(make());
      fresh.append(rows[i].root);
    }
    show(rows[i], thing);
  });
  target.append(fresh);
}

function poolRow() {
  const root = element('div', {});
  const text = element('div', {});
  const bar = element('div', {role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 100});
  const part = element('span', {});
  bar.append(part);
  root.append(text, bar);
  return {root, text, bar, part};
}

function showPool(row, pool) {
  const percent = Math.min(100, Math.ceil(100 * (pool.taken + pool.excluded) / pool.addresses));
  if (!news(row, pool.nse, pool.prefix, percent)) return;
  row.text.textContent = `${pool.nse}: ${pool.prefix}, ${percent} %`;
  row.bar.setAttribute('class', percent >= 100 ? 'bar full' : percent >= 80 ? 'bar high' : 'bar');
  row.bar.setAttribute('aria-valuenow', percent);
  row.bar.setAttribute('aria-label', `${pool.nse} ${pool.prefix}`);
  row.part.style.width = percent + '%';
}

function showTroubles(health) {
  list(find('troubles'), health.length === 0
    ? [element('li', {}, 'none')]
    : health.map(item => element('li', {class: item.severity},
        `${item.severity}: ${item.code} ${item.component}: ${item.text} ${item.remedy}`)));
}

function linkRow() {
  const root = element('tr', {});
  const parts = ['from', 'to', 'kind', 'state', 'flow'].map(() => element('td', {}));
  root.append(...parts);
  return {root, parts};
}

/** Those that are not well come first; of many the rest is counted. */
function showLinks(state, names) {
  const isWell = link => mood(link.state) === 'good';
  const bad = state.links.filter(link => !isWell(link));
  const links = bad.slice(0, MOST_ROWS);
  for (let i = 0; links.length < MOST_ROWS && i < state.links.length; i++) {
    if (isWell(state.links[i])) links.push(state.links[i]);
  }
  cells.clear();
  fill(find('links'), shownLinks, links, linkRow, (row, link) => {
    const [from, to, kind, condition, passing] = row.parts;
    cells.set(lineOf(link), passing);
    write(passing, flow(lineOf(link)));
    if (!news(row, names.get(link.from), names.get(link.to), link.kind, link.state)) return;
    from.textContent = names.get(link.from);
    to.textContent = names.get(link.to);
    kind.textContent = link.kind;
    condition.textContent = link.state;
    condition.className = mood(link.state);
  });
  const more = state.links.length - links.length;
  write(find('more-links'), more > 0 ? `and ${more} more` : '');
}

/** Such as 1.2 Mbit/s, 0.3 ms. */
function flow(id) {
  const {bits, seconds} = traffic.get(id) || {};
  const parts = [];
  if (bits !== undefined) {
    const unit = bits >= 1e9 ? 9 : bits >= 1e6 ? 6 : bits >= 1e3 ? 3 : 0;
    parts.push(`${Number((bits / 10 ** unit).toPrecision(3))} ${{0: '', 3: 'k', 6: 'M', 9: 'G'}[unit]}bit/s`);
  }
  if (seconds !== undefined) parts.push(`${Number((seconds * 1000).toPrecision(2))} ms`);
  return parts.join(', ');
}

/** Of many links only the table tells. */
function showTraffic() {
  const labels = drawnLinks.size <= MOST_LABELS;
  drawnLinks.forEach((parts, id) => {
    const text = labels ? flow(id) : '';
    if (text && !parts.label) {
      parts.label = drawn('text', {class: 'traffic', 'aria-hidden': true});
      marks.append(parts.label);
    }
    if (!parts.label) return;
    parts.label.setAttribute('x', parts.middle[0]);
    parts.label.setAttribute('y', parts.middle[1]);
    write(parts.label, text);
  });
  cells.forEach((cell, id) => write(cell, flow(id)));
}

let state = {nodes: [], links: []};

function show(now) {
  state = now;
  const names = new Map(now.nodes.map(node => [node.id, node.name]));
  const at = places(now);
  drawLinks(bundles(now, at, names));
  drawNodes(now, at);
  fill(find('pools'), shownPools, now.pools, poolRow, showPool);
  showTroubles(now.health);
  showLinks(now, names);
  const count = (kind, one, more) => counted(now.nodes.filter(node => node.kind === kind).length, one, more);
  find('summary').textContent = `${count('nse', 'NSE', 'NSEs')}, ${count('workload', 'workload', 'workloads')}: `
    + (now.health.length === 0 ? 'all is well' : counted(now.health.length, 'trouble', 'troubles'));
}

function happened(event) {
  const line = element('li', {});
  line.append(element('time', {}, event.at.slice(11, 19)),
    `${event.kind} ${event.component} ${event.subject} ${event.text}`);
  const events = find('events');
  events.prepend(line);
  while (events.children.length > MOST_EVENTS) events.lastChild.remove();
}

const stream = new EventSource('api/stream');
stream.addEventListener('state', message => show(JSON.parse(message.data)));
stream.addEventListener('traffic', message => {
  traffic.clear();
  JSON.parse(message.data).links.forEach(link => traffic.set(link.from + ' ' + link.to, link));
  showTraffic();
});
stream.addEventListener('happened', message => happened(JSON.parse(message.data)));
stream.addEventListener('error', () => { find('summary').textContent = 'not connected; trying again'; });
