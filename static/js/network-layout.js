// Where the accounts of a co-sharing network stand. Connected groups are laid out by springs (Fruchterman and Reingold 1991),
// each from the same circle, so that the same network always gives the same picture; then the groups are put in rows.

const LENGTH = 46;
const GAP = 26;
// Steps of a group: each looks at every two of its accounts, so large groups take fewer.
const MOST_STEPS = 250;
const LEAST_STEPS = 30;
const WORK = 2e8;
// Keeps what hangs by one line from drifting off.
const GRAVITY = 0.35;

/** Connected groups of ids, the largest first. */
export function groupsOf(nodes, edges) {
  const near = new Map(nodes.map(({ id }) => [id, []]));
  for (const { source, target } of edges) {
    near.get(source).push(target);
    near.get(target).push(source);
  }
  const seen = new Set();
  const groups = [];
  for (const { id } of nodes) {
    if (seen.has(id)) continue;
    seen.add(id);
    const group = [id];
    for (const one of group) {
      for (const other of near.get(one)) {
        if (seen.has(other)) continue;
        seen.add(other);
        group.push(other);
      }
    }
    groups.push(group);
  }
  return groups.sort((one, other) => other.length - one.length);
}

function push(places, moves, size) {
  for (let i = 0; i < size; i += 1) {
    for (let j = i + 1; j < size; j += 1) {
      const dx = places[2 * i] - places[2 * j];
      const dy = places[2 * i + 1] - places[2 * j + 1];
      const strength = (LENGTH * LENGTH) / Math.max(dx * dx + dy * dy, 0.01);
      moves[2 * i] += dx * strength;
      moves[2 * i + 1] += dy * strength;
      moves[2 * j] -= dx * strength;
      moves[2 * j + 1] -= dy * strength;
    }
  }
}

function pull(places, moves, pairs) {
  for (const [i, j] of pairs) {
    const dx = places[2 * i] - places[2 * j];
    const dy = places[2 * i + 1] - places[2 * j + 1];
    const strength = Math.hypot(dx, dy) / LENGTH;
    moves[2 * i] -= dx * strength;
    moves[2 * i + 1] -= dy * strength;
    moves[2 * j] += dx * strength;
    moves[2 * j + 1] += dy * strength;
  }
}

/** x and y of `size` nodes joined by `pairs` of their numbers. */
function springs(size, pairs) {
  const places = new Float64Array(2 * size);
  const radius = LENGTH * Math.sqrt(size);
  for (let i = 0; i < size; i += 1) {
    const angle = (2 * Math.PI * i) / size;
    places[2 * i] = radius * Math.cos(angle);
    places[2 * i + 1] = radius * Math.sin(angle);
  }
  const steps = Math.max(LEAST_STEPS, Math.min(MOST_STEPS, Math.floor(WORK / (size * size))));
  for (let step = 0; step < steps; step += 1) {
    const moves = new Float64Array(2 * size);
    push(places, moves, size);
    pull(places, moves, pairs);
    const heat = Math.max(radius / 4, LENGTH) * (1 - step / steps) + 0.5;
    for (let i = 0; i < size; i += 1) {
      moves[2 * i] -= GRAVITY * places[2 * i];
      moves[2 * i + 1] -= GRAVITY * places[2 * i + 1];
      const far = Math.hypot(moves[2 * i], moves[2 * i + 1]);
      if (far < 0.001) continue;
      const stride = Math.min(far, heat) / far;
      places[2 * i] += moves[2 * i] * stride;
      places[2 * i + 1] += moves[2 * i + 1] * stride;
    }
  }
  return places;
}

function layOut(group, edges) {
  const numbers = new Map(group.map((id, number) => [id, number]));
  const pairs = edges.map(({ source, target }) => [numbers.get(source), numbers.get(target)]);
  const places = springs(group.length, pairs);
  const xs = group.map((_, i) => places[2 * i]);
  const ys = group.map((_, i) => places[2 * i + 1]);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    width: Math.max(...xs) - left,
    height: Math.max(...ys) - top,
    at: group.map((id, i) => [id, { x: xs[i] - left, y: ys[i] - top }]),
  };
}

/** Map of id -> {x, y}; groups stand in rows of about `shape` times the height of the whole. */
export function arrange(nodes, edges, shape = 1.8) {
  const groups = groupsOf(nodes, edges);
  const home = new Map(groups.flatMap((group, number) => group.map((id) => [id, number])));
  const own = groups.map(() => []);
  for (const edge of edges) own[home.get(edge.source)].push(edge);
  const boxes = groups.map((group, number) => layOut(group, own[number]));
  const area = boxes.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const room = Math.max(Math.sqrt(area * shape), ...boxes.map(({ width }) => width));
  const places = new Map();
  let [x, y, tall] = [0, 0, 0];
  for (const { width, height, at } of boxes) {
    if (x && x + width > room) [x, y, tall] = [0, y + tall + GAP, 0];
    for (const [id, place] of at) places.set(id, { x: x + place.x, y: y + place.y });
    x += width + GAP;
    tall = Math.max(tall, height);
  }
  return places;
}
