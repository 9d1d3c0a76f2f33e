/* Lays a map that can be moved over the map drawn by the server. Whatever fails, the drawing stays.

<div data-map data-points="…format=points" data-land="…land-fine.svg" data-leaflet="…leaflet-with-markercluster.js"
     data-label="…" data-label-zoom-in="…" data-label-zoom-out="…" data-label-cluster="{n} cities, zoom in"><svg>…</svg></div>

The points are {"path": "/de/cities/" or "/de/practices/?place=", "found": [[slug, name, country, latitude, longitude, shape, accent], …],
"others": [[latitude, longitude], …]}. Cities found become links, the others small dots. An element with data-city="slug" elsewhere on the page shows its mark. */

/* Equal Earth as in cities/maps/equal_earth.py: units of the view box, y downwards. */
const MIDDLE = 11;
const NORTH = 84;
const SOUTH = -57;
const WIDTH = 1000;
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const ROOT = Math.sqrt(3);
const RADIAN = Math.PI / 180;

const rise = (t) => t * (A1 + A2 * t ** 2 + A3 * t ** 6 + A4 * t ** 8);
const slope = (t) => A1 + 3 * A2 * t ** 2 + 7 * A3 * t ** 6 + 9 * A4 * t ** 8;
const reach = (t) => (2 * ROOT * Math.cos(t)) / (3 * slope(t));
const tilt = (latitude) => Math.asin((ROOT / 2) * Math.sin(latitude * RADIAN));
const UNIT = WIDTH / (2 * Math.PI * reach(0));
const TOP = rise(tilt(NORTH));
const HEIGHT = (TOP - rise(tilt(SOUTH))) * UNIT;

function toWorld(latitude, longitude) {
  const t = tilt(latitude);
  return [WIDTH / 2 + (longitude - MIDDLE) * RADIAN * reach(t) * UNIT, (TOP - rise(t)) * UNIT];
}

/* The way back also works beside the world, where longitudes grow beyond 180: the map's corners lie there. */
function fromWorld(x, y) {
  const height = Math.max(-1.317, Math.min(1.317, TOP - y / UNIT));
  let t = height / A1;
  for (let round = 0; round < 12; round += 1) t -= (rise(t) - height) / slope(t);
  const latitude = Math.asin(Math.max(-1, Math.min(1, (2 * Math.sin(t)) / ROOT))) / RADIAN;
  return [latitude, MIDDLE + (x - WIDTH / 2) / UNIT / reach(t) / RADIAN];
}

/* From the Bering Strait eastwards, so that no city lies on the far side of the cut. */
const eastward = (longitude) => ((((longitude - MIDDLE + 180) % 360) + 360) % 360) - 180 + MIDDLE;

const SHAPES = {
  circle: "M-6 0a6 6 0 1 1 12 0 6 6 0 1 1-12 0z",
  diamond: "M0-7.8 7.8 0 0 7.8-7.8 0z",
  square: "M-5.4-5.4H5.4V5.4H-5.4z",
  triangle: "M0-7.5 7.5 5.5h-15z",
  ring: "M-6.9 0a6.9 6.9 0 1 1 13.8 0 6.9 6.9 0 1 1-13.8 0zm3.3 0a3.6 3.6 0 1 0 7.2 0 3.6 3.6 0 1 0-7.2 0z",
  pentagon: "M0-7.1 6.7-2.2 4.2 5.7h-8.4l-2.5-7.9z",
  cross: "M-2.4-6.9h4.8v4.5h4.5v4.8H2.4v4.5h-4.8V2.4h-4.5v-4.8h4.5z",
  "half-disc": "M-7.5 3.7a7.5 7.5 0 0 1 15 0z",
};
const SVG = "http://www.w3.org/2000/svg";
const NEAREST = 32; // pixels for a unit of the map (about 35 km): as much as the shoreline is worth
const FIRST = 18; // as near as the first view goes by itself

function element(name, attributes, ...children) {
  const made = name === "svg" || name === "path" ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const scripts = new Map();
function script(address) {
  if (!scripts.has(address)) {
    scripts.set(address, new Promise((resolve, reject) => {
      const made = element("script", { src: address });
      made.addEventListener("load", resolve);
      made.addEventListener("error", () => reject(new Error(`not loaded: ${address}`)));
      document.head.append(made);
    }));
  }
  return scripts.get(address);
}

async function fetched(address) {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`${response.status}: ${address}`);
  return response;
}

async function load(holder) {
  const { points, land, leaflet } = holder.dataset;
  const [{ path, found, others }, drawing] = await Promise.all([
    fetched(points).then((response) => response.json()),
    fetched(land).then((response) => response.text()),
    script(leaflet),
  ]);
  const shore = new DOMParser().parseFromString(drawing, "image/svg+xml").querySelector("path").getAttribute("d");
  const placed = (latitude, longitude) => {
    const place = [latitude, eastward(longitude)];
    return { place, world: toWorld(...place) };
  };
  const cities = found.map(([slug, name, country, latitude, longitude, shape, accent]) => (
    { slug, name, country, shape, accent, url: `${path}${slug}${path.endsWith("/") ? "/" : ""}`, ...placed(latitude, longitude) }
  ));
  return { cities, others: others.map(([latitude, longitude]) => placed(latitude, longitude)), shore };
}

/* Zoom 0 shows the whole world in the window: markercluster loses marks when the least zoom is no whole number. */
function crs(L, whole) {
  return L.extend({}, L.CRS, {
    projection: {
      project: ({ lat, lng }) => L.point(...toWorld(lat, lng)),
      unproject: ({ x, y }) => L.latLng(...fromWorld(x, y)),
      bounds: L.bounds([0, 0], [WIDTH, HEIGHT]),
    },
    transformation: L.transformation(1, 0, 1, 0),
    scale: (zoom) => whole * 2 ** zoom,
    zoom: (scale) => Math.log2(scale / whole),
    distance: L.CRS.Earth.distance,
    infinite: false,
  });
}

/* Land and the cities outside the filter, on a canvas as large as the map: an SVG path reaches beyond its window, and then
   counts as covering the text around the map when contrast is checked. */
function ground(L, shore, others) {
  const land = new Path2D(shore);
  const drawing = element("canvas", { class: "map-ground", "aria-hidden": "true" });
  const pen = drawing.getContext("2d");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const Ground = L.Layer.extend({
    getEvents() {
      return { move: this.draw, moveend: this.draw, zoom: this.draw, viewreset: this.draw, resize: this.draw };
    },
    onAdd() {
      this.getPane("overlayPane").append(drawing);
      dark.addEventListener("change", () => this.draw());
      this.draw();
    },
    onRemove() {
      drawing.remove();
    },
    draw() {
      const map = this._map;
      const size = map.getSize();
      const corner = map.containerPointToLayerPoint([0, 0]).round();
      const origin = corner.add(map.getPixelOrigin());
      const scale = map.options.crs.scale(map.getZoom());
      const fine = window.devicePixelRatio || 1;
      const style = getComputedStyle(drawing);
      drawing.width = size.x * fine; // empties it, too
      drawing.height = size.y * fine;
      drawing.style.width = `${size.x}px`;
      drawing.style.height = `${size.y}px`;
      pen.setTransform(scale * fine, 0, 0, scale * fine, -origin.x * fine, -origin.y * fine);
      pen.fillStyle = style.getPropertyValue("--map-land").trim();
      pen.fill(land);
      pen.strokeStyle = style.getPropertyValue("--map-shore").trim() || "transparent";
      pen.lineWidth = 1 / scale;
      pen.stroke(land);
      pen.fillStyle = style.getPropertyValue("--map-other").trim();
      pen.beginPath();
      for (const { world: [x, y] } of others) {
        pen.moveTo(x, y);
        pen.arc(x, y, 2.5 / scale, 0, 7);
      }
      pen.fill();
      L.DomUtil.setPosition(drawing, corner);
    },
  });
  return new Ground();
}

/* Leaflet's own fitting reckons with straight meridians; here they bend. */
function fit(map, cities, nearest) {
  const xs = cities.map(({ world }) => world[0]);
  const ys = cities.map(({ world }) => world[1]);
  const [left, right, top, bottom] = cities.length
    ? [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
    : [0, WIDTH, 0, HEIGHT];
  const size = map.getSize();
  // the zoom buttons at the left reach 54 pixels into the map, and a ring 22 from its middle
  const [atLeft, atRight, rim] = !cities.length ? [0, 0, 0] : size.x < 600 ? [84, 30, 60] : [90, 60, 120];
  const room = Math.min(Math.max(size.x - atLeft - atRight, 40) / (right - left), Math.max(size.y - rim, 40) / (bottom - top));
  const zoom = Math.max(0, Math.min(map.options.crs.zoom(room), nearest));
  const aside = (atLeft - atRight) / 2 / map.options.crs.scale(zoom);
  map.setView(fromWorld((left + right) / 2 - aside, (top + bottom) / 2), zoom, { animate: false });
}

function mark(L, map, city) {
  const shape = SHAPES[city.shape] ? city.shape : "circle";
  const link = element("a", {
    class: `map-mark shape-${shape} accent-${city.accent}`,
    href: city.url,
    draggable: "false",
    "aria-label": city.country ? `${city.name}, ${city.country}` : city.name,
  }, element("svg", { viewBox: "-8 -8 16 16", "aria-hidden": "true", focusable: "false" }, element("path", { d: SHAPES[shape] })),
  element("span", { class: "map-name", "aria-hidden": "true" }, city.name));
  const marker = L.marker(city.place, {
    icon: L.divIcon({ html: link, className: "map-icon", iconSize: [24, 24] }),
    interactive: false, // the link inside is what can be clicked
    keyboard: false,
  });
  link.addEventListener("click", (event) => {
    if (event.detail && map.dragging.moved()) event.preventDefault(); // the end of a drag is no click
  });
  link.addEventListener("focus", () => {
    if (link.matches(":focus-visible")) map.panInside(city.place, { padding: [48, 48], animate: false });
  });
  marker.city = city;
  return marker;
}

function clusters(L, map, holder) {
  const words = holder.dataset.labelCluster || "{n}";
  const group = L.markerClusterGroup({
    // rings are up to 44 wide and stand in the middle of their cities, so they may come nearer than this
    maxClusterRadius: holder.clientWidth < 600 ? 84 : 60,
    animate: false,
    animateAddingMarkers: false,
    showCoverageOnHover: false,
    zoomToBoundsOnClick: false,
    spiderfyOnMaxZoom: false,
    removeOutsideVisibleBounds: false, // it reckons with straight meridians
    spiderLegPolylineOptions: { className: "map-leg", weight: 1 },
    iconCreateFunction(cluster) {
      const count = cluster.getChildCount();
      const size = count < 10 ? 30 : count < 100 ? 36 : 44;
      const number = element("span", { class: "map-count", "aria-hidden": "true" }, String(count));
      const name = element("span", { class: "map-words" }, words.replace("{n}", count));
      return L.divIcon({ html: element("span", { class: "map-ring" }, number, name), className: "map-cluster", iconSize: [size, size] });
    },
  });
  group.on("clusterclick clusterkeypress", ({ layer, originalEvent, type }) => {
    if (type === "clusterkeypress" && ![" ", "Enter"].includes(originalEvent.key)) return;
    originalEvent.preventDefault();
    const before = map.getZoom();
    const nearest = map.getMaxZoom();
    if (before < nearest) fit(map, layer.getAllChildMarkers().map(({ city }) => city), Math.min(before + 3, nearest));
    if (map.getZoom() <= before) {
      if (before < nearest) map.setZoom(Math.min(before + 1, nearest), { animate: false });
      else layer.spiderfy();
    }
    if (type === "clusterkeypress") map.getContainer().focus({ preventScroll: true });
  });
  return group;
}

/* Marks beyond the edge of the map are hidden, from the keyboard too. */
function hideOutside(L, map) {
  const size = map.getSize();
  for (const icon of map.getPane("markerPane").children) {
    const { x, y } = map.layerPointToContainerPoint(L.DomUtil.getPosition(icon));
    icon.classList.toggle("map-outside", x < 0 || y < 0 || x > size.x || y > size.y);
  }
}

/* A row of the list under the pointer or in focus shows its mark, or the ring it is in. */
function linkList(group, markers) {
  let shown;
  const show = (event) => {
    const slug = event.target.closest?.("[data-city]")?.dataset.city;
    shown?.classList.remove("map-shown");
    shown = slug && markers.has(slug) ? group.getVisibleParent(markers.get(slug))?.getElement() : null;
    shown?.classList.add("map-shown");
  };
  for (const type of ["mouseover", "focusin"]) document.addEventListener(type, show);
}

function draw(holder, canvas, { cities, others, shore }) {
  const { L } = window;
  const { label, labelZoomIn, labelZoomOut } = holder.dataset;
  const Still = L.Map.extend({
    panBy(offset, options) {
      return L.Map.prototype.panBy.call(this, offset, { ...options, animate: false });
    },
  });
  const system = crs(L, Math.min(canvas.clientWidth / WIDTH, canvas.clientHeight / HEIGHT));
  const map = new Still(canvas, {
    crs: system,
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0,
    zoomDelta: 1,
    minZoom: 0,
    maxZoom: system.zoom(NEAREST),
    maxBounds: L.latLngBounds(fromWorld(0, HEIGHT), fromWorld(WIDTH, 0)),
    maxBoundsViscosity: 1,
    scrollWheelZoom: false,
    wheelPxPerZoomLevel: 160,
    // nothing slides, for nobody
    zoomAnimation: false,
    fadeAnimation: false,
    markerZoomAnimation: false,
    inertia: false,
  });
  // the wheel moves the page until the map has been chosen
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  fit(map, cities, system.zoom(FIRST));
  ground(L, shore, others).addTo(map);
  // the signs are drawn by the style sheet; below, because on the whole world there is nothing but the Pacific
  L.control.zoom({ position: "bottomleft", zoomInTitle: labelZoomIn, zoomInText: "", zoomOutTitle: labelZoomOut, zoomOutText: "" }).addTo(map);
  const group = clusters(L, map, holder);
  const markers = new Map(cities.map((city) => [city.slug, mark(L, map, city)]));
  group.addLayers([...markers.values()]);
  map.addLayer(group);
  map.on("move moveend zoomend resize", () => hideOutside(L, map));
  hideOutside(L, map);
  if (label) canvas.setAttribute("aria-label", label);
  linkList(group, markers);
}

async function begin(holder) {
  holder.dataset.map = "loading";
  const canvas = element("div", { class: "map-canvas", role: "region" });
  try {
    const parts = await load(holder);
    holder.append(canvas);
    draw(holder, canvas, parts);
    holder.dataset.map = "live";
  } catch (error) {
    canvas.remove();
    holder.dataset.map = "failed";
    console.warn(error);
  }
}

document.querySelectorAll("[data-map]").forEach(begin);
