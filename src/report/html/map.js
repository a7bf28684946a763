"use strict";
// Draws each figure's links on its canvas: coloured by the first field, as wide as the second is large.
for (const figure of document.querySelectorAll("figure.map")) startMap(figure);

function startMap(figure) {
  const canvas = figure.querySelector("canvas"), note = figure.querySelector(".note");
  const pen = canvas.getContext("2d");
  const map = readMap(JSON.parse(figure.querySelector("script").textContent));
  const view = { scale: 1, x: 0, y: 0 };
  let chosen = -1, place = -1, paper = false, queued = false;

  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });
  const fitScale = () => {
    const { width, height } = size();
    return Math.max(1e-6, Math.min((width - 48) / Math.max(1, map.width), (height - 48) / Math.max(1, map.height)));
  };
  function fit() {
    const { width, height } = size();
    view.scale = fitScale();
    view.x = (width - map.width * view.scale) / 2;
    view.y = (height - map.height * view.scale) / 2;
  }
  function zoom(factor, x, y) {
    const scale = Math.min(Math.max(view.scale * factor, fitScale() / 2), Math.max(4, fitScale() * 4));
    view.x = x - (x - view.x) * scale / view.scale;
    view.y = y - (y - view.y) * scale / view.scale;
    view.scale = scale;
  }
  function redraw() {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => { queued = false; draw(); });
  }
  function widest() {
    const zoomed = Math.sqrt(view.scale / fitScale());
    return Math.min(14, Math.min(9, Math.max(2.2, 55 / Math.pow(map.count, 0.3))) * zoomed);
  }
  // Ends of a link on the screen, moved to the right of its direction so that both directions of a road show.
  function line(link, aside) {
    const tail = 2 * map.ends[2 * link], head = 2 * map.ends[2 * link + 1];
    const x1 = map.nodes[tail] * view.scale + view.x, y1 = map.nodes[tail + 1] * view.scale + view.y;
    const x2 = map.nodes[head] * view.scale + view.x, y2 = map.nodes[head + 1] * view.scale + view.y;
    const length = Math.hypot(x2 - x1, y2 - y1) || 1;
    const dx = -(y2 - y1) / length * aside, dy = (x2 - x1) / length * aside;
    return [x1 + dx, y1 + dy, x2 + dx, y2 + dy];
  }
  const penWidth = bucket => 0.5 + (widest() - 0.5) * (bucket + 0.5) / map.buckets;
  function draw() {
    const { width, height } = size(), dots = paper ? 3 : window.devicePixelRatio || 1;
    canvas.width = Math.round(width * dots);
    canvas.height = Math.round(height * dots);
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    const colours = getComputedStyle(paper ? document.querySelector(".paper") : document.documentElement);
    pen.lineCap = "round";
    for (let group = 0; group + 1 < map.starts.length; group++) {
      const wide = penWidth(group % map.buckets);
      pen.beginPath();
      for (let index = map.starts[group]; index < map.starts[group + 1]; index++) {
        const [x1, y1, x2, y2] = line(map.order[index], wide / 2 + 0.3);
        if (Math.max(x1, x2) < -20 || Math.min(x1, x2) > width + 20) continue;
        if (Math.max(y1, y2) < -20 || Math.min(y1, y2) > height + 20) continue;
        pen.moveTo(x1, y1);
        pen.lineTo(x2, y2);
      }
      pen.lineWidth = wide;
      pen.strokeStyle = colours.getPropertyValue("--" + map.ramp + "-" + map.layers[Math.floor(group / map.buckets)]).trim();
      pen.stroke();
    }
    if (chosen >= 0) {
      const wide = penWidth(map.bucket[chosen]);
      const [x1, y1, x2, y2] = line(chosen, wide / 2 + 0.3);
      pen.beginPath();
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.lineWidth = wide + 4;
      pen.strokeStyle = colours.getPropertyValue("--accent").trim();
      pen.stroke();
    }
  }
  function nearest(x, y) {
    let best = -1, least = 10;
    for (let link = 0; link < map.count; link++) {
      const [x1, y1, x2, y2] = line(link, penWidth(map.bucket[link]) / 2 + 0.3);
      const dx = x2 - x1, dy = y2 - y1, square = dx * dx + dy * dy || 1;
      const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / square));
      const away = Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
      if (away < least) { least = away; best = link; }
    }
    return best;
  }
  function choose(link, x, y) {
    if (link === chosen && link < 0) return;
    chosen = link;
    note.hidden = link < 0;
    if (link >= 0) {
      note.textContent = "Link " + map.ids[link] + map.fields.map(field =>
        "\n" + field.label + ": " + readable(field.values[link]) + (field.unit ? " " + field.unit : "")).join("");
      const { width, height } = size();
      note.style.left = Math.max(0, Math.min(x + 14, width - note.offsetWidth - 4)) + "px";
      note.style.top = Math.max(0, Math.min(y + 14, height - note.offsetHeight - 4)) + "px";
    }
    redraw();
  }
  function show(link) {
    const { width, height } = size();
    view.scale = Math.max(view.scale, fitScale() * Math.max(1, Math.pow(map.count / 300, 0.4)));
    const [x1, y1, x2, y2] = line(link, 0);
    view.x += width / 2 - (x1 + x2) / 2;
    view.y += height / 2 - (y1 + y2) / 2;
    choose(link, width / 2, height / 2);
  }
  function step(by) {
    if (map.count === 0) return;
    place = Math.min(map.count - 1, Math.max(0, place + by));
    show(map.byWidth()[place]);
  }

  const pointers = new Map();
  let moved = false;
  const at = event => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    moved = false;
  });
  canvas.addEventListener("pointermove", event => {
    const now = at(event), before = pointers.get(event.pointerId);
    if (!before) return choose(nearest(...now), ...now);
    const other = [...pointers].find(([id]) => id !== event.pointerId);
    if (other) {
      const span = point => Math.hypot(point[0] - other[1][0], point[1] - other[1][1]) || 1;
      zoom(span(now) / span(before), ...other[1]);
    } else {
      view.x += now[0] - before[0];
      view.y += now[1] - before[1];
    }
    moved = moved || Math.hypot(now[0] - before[0], now[1] - before[1]) > 2;
    pointers.set(event.pointerId, now);
    if (moved) choose(-1);
    redraw();
  });
  const release = event => {
    pointers.delete(event.pointerId);
    if (!moved && event.type === "pointerup") choose(nearest(...at(event)), ...at(event));
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => { if (document.activeElement !== canvas) choose(-1); });
  canvas.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.pow(2, -event.deltaY / 300), ...at(event));
    redraw();
  }, { passive: false });
  const middle = factor => { const { width, height } = size(); zoom(factor, width / 2, height / 2); };
  const keys = {
    ArrowLeft: () => { view.x += 60; }, ArrowRight: () => { view.x -= 60; },
    ArrowUp: () => { view.y += 60; }, ArrowDown: () => { view.y -= 60; },
    "+": () => middle(1.5), "=": () => middle(1.5), "-": () => middle(1 / 1.5), "0": fit,
    n: () => step(1), p: () => step(-1), Escape: () => choose(-1),
  };
  canvas.addEventListener("keydown", event => {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    redraw();
  });
  const acts = { in: () => middle(1.5), out: () => middle(1 / 1.5), fit };
  for (const button of figure.querySelectorAll("button[data-do]")) {
    button.addEventListener("click", () => { choose(-1); acts[button.dataset.do](); redraw(); });
  }
  // Tables belong to the map before them in the same part of the page.
  const part = figure.closest("[data-map]") || document;
  for (const button of part.querySelectorAll("button[data-link]")) {
    button.addEventListener("click", () => {
      canvas.scrollIntoView({ block: "center" });
      canvas.focus({ preventScroll: true });
      show(Number(button.dataset.link));
    });
  }
  let known = "";
  new ResizeObserver(() => {
    const { width, height } = size();
    if (known !== width + "x" + height && !paper) { known = width + "x" + height; fit(); }
    redraw();
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  window.addEventListener("beforeprint", () => { paper = true; draw(); });
  window.addEventListener("afterprint", () => { paper = false; redraw(); });
  fit();
  draw();
}

function readMap(data) {
  const unpack = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer;
  const fields = data.fields.map(field => ({ ...field, values: new Float32Array(unpack(field.data)) }));
  const count = fields[0].values.length, buckets = 6;
  // Small ids and node numbers come in fewer bytes; the length tells.
  const packed = (text, each, Small, Large) => {
    const bytes = unpack(text);
    return bytes.byteLength === count * each ? new Small(bytes) : new Large(bytes);
  };
  const ids = packed(data.ids, 4, Uint32Array, Float64Array), ends = packed(data.ends, 4, Uint16Array, Uint32Array);
  const [colour, width] = fields.map(field => field.values);
  const largest = width.reduce((most, value) => Math.abs(value) > most ? Math.abs(value) : most, 0) || 1;
  const classes = data.breaks.length + 1;
  // Classes in the order they are drawn; of a diverging ramp the middle comes first, so that changes lie on top.
  const layers = [...Array(classes).keys()], middle = (classes - 1) / 2;
  if (data.ramp === "diff") layers.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  const bucket = new Uint8Array(count), group = new Uint16Array(count);
  for (let link = 0; link < count; link++) {
    bucket[link] = Math.min(buckets - 1, Math.floor((Math.abs(width[link]) || 0) / largest * buckets));
    group[link] = layers.indexOf(rank(data, colour[link])) * buckets + bucket[link];
  }
  // Counting sort by group.
  const starts = new Uint32Array(classes * buckets + 1), order = new Uint32Array(count);
  for (const index of group) starts[index + 1]++;
  for (let index = 1; index < starts.length; index++) starts[index] += starts[index - 1];
  const next = starts.slice();
  for (let link = 0; link < count; link++) order[next[group[link]]++] = link;
  let sorted = null;
  const byWidth = () => sorted = sorted || [...order].sort((one, other) => Math.abs(width[other]) - Math.abs(width[one]));
  return {
    ...data, fields, ids, ends, count, buckets, bucket, layers, order, starts, byWidth,
    nodes: new Uint16Array(unpack(data.nodes)),
  };
}

function rank(data, value) {
  let place = 0;
  while (place < data.breaks.length && value >= data.breaks[place]) place++;
  return place;
}

function readable(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, size >= 1e4 ? "\u202f" : "").replace("-", "−");
  return (size === 0 ? "0" : String(Number(value.toPrecision(4)))).replace("-", "−");
}
