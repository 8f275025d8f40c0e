'use strict';

const MOST_EVENTS = 200;
const MOST_ROWS = 100;
const SVG = 'http://www.w3.org/2000/svg';
const find = id => document.getElementById(id);

/**
 * What is drawn, by the id of its node or link, with what was shown of it last: only what changed is touched, and
 * the document is not read to find that out.
 */
const drawnNodes = new Map();
const drawnLinks = new Map();
/** What passes over links, by the same ids; and the cells of the table that say so. */
const traffic = new Map();
const cells = new Map();
const MOST_LABELS = 60;
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
  const point = (angle, radius) => [500 + radius * Math.cos(angle), 500 + radius * Math.sin(angle)];
  const spread = (nodes, middle, width) => nodes.forEach((node, i) =>
    at.set(node.id, point(middle + ((i + 0.5) / nodes.length - 0.5) * width, 400)));
  const byServer = new Map();
  state.nodes.filter(node => node.kind === 'workload').forEach(node => {
    const nse = server.get(node.id) || '';
    if (!byServer.has(nse)) byServer.set(nse, []);
    byServer.get(nse).push(node);
  });
  const sector = 2 * Math.PI / Math.max(1, nses.length);
  nses.forEach((nse, i) => {
    const angle = i * sector - Math.PI;
    at.set(nse.id, point(angle, nses.length === 1 ? 0 : 230));
    spread(byServer.get(nse.id) || [], angle, sector * 0.8);
  });
  spread(byServer.get('') || [], Math.PI / 4, 0.8);
  return at;
}

/** Whether any of the values differs from what the parts showed last, which they are from now on. */
function news(parts, ...values) {
  const same = parts.last !== undefined && values.every((value, i) => value === parts.last[i]);
  parts.last = values;
  return !same;
}

function set(target, name, value) {
  if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
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

function drawLinks(state, at, names) {
  const kept = new Set();
  const fresh = document.createDocumentFragment();
  state.links.forEach(link => {
    const id = link.from + ' ' + link.to;
    const [from, to] = [at.get(link.from), at.get(link.to)];
    if (!from || !to) return;
    kept.add(id);
    if (!drawnLinks.has(id)) {
      const root = drawn('line', {});
      const title = drawn('title', {});
      root.append(title);
      fresh.append(root);
      drawnLinks.set(id, {root, title});
    }
    const parts = drawnLinks.get(id);
    const [one, other] = [names.get(link.from), names.get(link.to)];
    if (!news(parts, link.kind, link.state, from[0], from[1], to[0], to[1], one, other)) return;
    const {root, title} = parts;
    set(root, 'class', link.kind + ' ' + mood(link.state));
    set(root, 'x1', from[0]); set(root, 'y1', from[1]);
    set(root, 'x2', to[0]); set(root, 'y2', to[1]);
    write(title, `${one} to ${other}: ${link.state}`);
  });
  find('drawing').prepend(fresh);
  sweep(kept, drawnLinks);
}

function drawNodes(state, at) {
  const kept = new Set();
  const fresh = document.createDocumentFragment();
  state.nodes.forEach(node => {
    kept.add(node.id);
    if (!drawnNodes.has(node.id)) {
      const root = drawn('g', {tabindex: 0, role: 'button'});
      const nse = node.kind === 'nse';
      root.append(drawn('circle', {r: nse ? 18 : 9}));
      root.append(drawn('text', {y: nse ? 40 : 27}), drawn('text', {class: 'detail', y: nse ? 57 : 43}));
      root.addEventListener('click', () => choose(node));
      root.addEventListener('keydown', event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          choose(node);
        }
      });
      fresh.append(root);
      drawnNodes.set(node.id, {root});
    }
    const parts = drawnNodes.get(node.id);
    const [x, y] = at.get(node.id);
    if (!news(parts, node.kind, node.state, node.name, node.detail, x, y, chosen.includes(node.name))) return;
    const {root} = parts;
    const [circle, name, detail] = root.children;
    set(root, 'transform', `translate(${x} ${y})`);
    set(root, 'class', `node ${node.kind} ${mood(node.state)}${chosen.includes(node.name) ? ' chosen' : ''}`);
    set(root, 'aria-label', `${node.kind} ${node.name} ${node.detail}: ${node.state}`);
    write(name, node.name);
    write(detail, node.detail);
  });
  find('drawing').append(fresh);
  sweep(kept, drawnNodes);
}

/** Two workloads chosen, one after the other: the way between them. */
async function choose(node) {
  if (node.kind !== 'workload') return;
  chosen = chosen.length === 1 ? [chosen[0], node.name] : [node.name];
  drawnNodes.forEach(({root}) => root.classList.remove('chosen'));
  state.nodes.filter(each => chosen.includes(each.name))
    .forEach(each => drawnNodes.get(each.id).root.classList.add('chosen'));
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

function showPools(pools) {
  list(find('pools'), pools.flatMap(pool => {
    const percent = Math.min(100, Math.ceil(100 * (pool.taken + pool.excluded) / pool.addresses));
    const kind = percent >= 100 ? 'bar full' : percent >= 80 ? 'bar high' : 'bar';
    const bar = element('div', {
      class: kind, role: 'meter', 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': percent,
      'aria-label': `${pool.nse} ${pool.prefix}`});
    const part = element('span', {});
    part.style.width = percent + '%';
    bar.append(part);
    return [element('div', {}, `${pool.nse}: ${pool.prefix}, ${percent} %`), bar];
  }));
}

function showTroubles(health) {
  list(find('troubles'), health.length === 0
    ? [element('li', {}, 'none')]
    : health.map(item => element('li', {class: item.severity},
        `${item.severity}: ${item.code} ${item.component}: ${item.text} ${item.remedy}`)));
}

/** Those that are not well come first; of many the rest is counted. */
function showLinks(state, names) {
  const isWell = link => mood(link.state) === 'good';
  const links = [...state.links.filter(link => !isWell(link)), ...state.links.filter(isWell)];
  cells.clear();
  const rows = links.slice(0, MOST_ROWS).map(link => {
    const row = element('tr', {});
    const id = link.from + ' ' + link.to;
    cells.set(id, element('td', {}, flow(id)));
    row.append(element('td', {}, names.get(link.from)), element('td', {}, names.get(link.to)),
      element('td', {}, link.kind), element('td', {class: mood(link.state)}, link.state),
      cells.get(id));
    return row;
  });
  if (links.length > MOST_ROWS) {
    const row = element('tr', {});
    row.append(element('td', {colspan: 5}, `and ${links.length - MOST_ROWS} more`));
    rows.push(row);
  }
  list(find('links'), rows);
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
      find('drawing').append(parts.label);
    }
    if (!parts.label) return;
    const middle = end => (Number(parts.root.getAttribute(end + '1')) + Number(parts.root.getAttribute(end + '2'))) / 2;
    set(parts.label, 'x', middle('x'));
    set(parts.label, 'y', middle('y'));
    write(parts.label, text);
  });
  cells.forEach((cell, id) => write(cell, flow(id)));
}

let state = {nodes: [], links: []};

function show(now) {
  state = now;
  const names = new Map(now.nodes.map(node => [node.id, node.name]));
  const at = places(now);
  drawLinks(now, at, names);
  drawNodes(now, at);
  showPools(now.pools);
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
