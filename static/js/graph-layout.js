// Where the nodes of the attribution graph stand: accounts, people and organisations in three columns, always in that order, so
// that a chain reads from left to right; within a column near what they are linked to, so that lines cross little.

const COLUMNS = { account: 0, person: 1, organisation: 2 };
const SWEEPS = 4;

/** What belongs in the graph of who is linked to whom: accounts, people, organisations, and what is only named in words
    ("the authorities") where it is linked to a person or an organisation. The rest stands in the table beneath. */
export function attributionOnly({ nodes, edges }) {
  const types = new Map(nodes.map((node) => [node.id, node.type]));
  const anchors = (id) => ["person", "organisation"].includes(types.get(id));
  const linked = new Set(edges.flatMap(({ source, target }) => [anchors(target) && source, anchors(source) && target]));
  const kept = nodes.filter((node) => node.type in COLUMNS || linked.has(node.id));
  const ids = new Set(kept.map((node) => node.id));
  return { nodes: kept, edges: edges.filter(({ source, target }) => ids.has(source) && ids.has(target)) };
}

// What is only named in words stands left when something is said of it, right when it is what is said.
function columnsOf(nodes, edges) {
  const sources = new Set(edges.map(({ source }) => source));
  return new Map(nodes.map((node) => [node.id, COLUMNS[node.type] ?? (sources.has(node.id) ? 0 : 2)]));
}

function neighboursOf(nodes, edges) {
  const found = new Map(nodes.map((node) => [node.id, []]));
  for (const { source, target } of edges) {
    found.get(source)?.push(target);
    found.get(target)?.push(source);
  }
  return found;
}

// The mean place of a node's neighbours in the next column, else in any other; its own place when it has none.
function pull(node, row, neighbours, column) {
  const away = (other) => Math.abs(column.get(other) - column.get(node.id));
  const others = neighbours.get(node.id).filter((other) => row.has(other) && away(other));
  const near = others.filter((other) => away(other) === 1);
  const known = near.length ? near : others;
  if (!known.length) return row.get(node.id);
  return known.reduce((sum, other) => sum + row.get(other), 0) / known.length;
}

// The places nearest to the wanted ones (sorted) that keep one gap between neighbours: neighbours that would touch share their
// mean, as in isotonic regression.
function spread(wanted) {
  const blocks = [];
  wanted.forEach((at, index) => {
    blocks.push({ sum: at - index, count: 1 });
    while (blocks.length > 1 && blocks.at(-2).sum / blocks.at(-2).count > blocks.at(-1).sum / blocks.at(-1).count) {
      const last = blocks.pop();
      blocks.at(-1).sum += last.sum;
      blocks.at(-1).count += last.count;
    }
  });
  return blocks.flatMap(({ sum, count }) => Array(count).fill(sum / count)).map((at, index) => at + index);
}

/** Map of node id -> {column, row}; rows are in units of one gap, the topmost is 0. The fullest column stands without gaps, the
    others beside what they are linked to. */
export function arrange(nodes, edges) {
  const column = columnsOf(nodes, edges);
  const neighbours = neighboursOf(nodes, edges);
  const columns = [0, 1, 2].map((index) => nodes.filter((node) => column.get(node.id) === index));
  const row = new Map();
  const number = (list) => list.forEach((node, index) => row.set(node.id, index));
  const wanted = (node) => pull(node, row, neighbours, column);
  const order = (list) => {
    const keys = new Map(list.map((node) => [node, wanted(node)]));
    list.sort((one, other) => keys.get(one) - keys.get(other));
  };
  columns.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const index of [2, 1, 0]) {
      order(columns[index]);
      number(columns[index]);
    }
  }
  const [accounts, people, organisations] = columns;
  const fullest = [people, accounts, organisations].reduce((best, list) => (list.length > best.length ? list : best));
  const others = columns.filter((list) => list !== fullest).sort((one, other) => other.length - one.length);
  for (const list of others) {
    order(list);
    spread(list.map(wanted)).forEach((at, index) => row.set(list[index].id, at));
  }
  const top = Math.min(...row.values());
  return new Map(nodes.map((node) => [node.id, { column: column.get(node.id), row: row.get(node.id) - top }]));
}
