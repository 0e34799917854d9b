// The map of local sites: Leaflet over a land of our own, loaded when the map comes into view. The
// drawing that the server made stays until then, and where anything fails.
const holder = document.querySelector("[data-world]");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function load(name, address) {
  return new Promise((done, failed) => {
    const element = document.createElement(name);
    if (name === "link") Object.assign(element, { rel: "stylesheet", href: address });
    else Object.assign(element, { src: address, async: false });
    element.onload = done;
    element.onerror = failed;
    // Before our own styles, which are to win.
    if (name === "link") document.head.prepend(element);
    else document.head.append(element);
  });
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

function card({ url, name, place, exact, said, about }) {
  const box = document.createElement("div");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = name;
  const where = document.createElement("p");
  where.textContent = exact ? place : `${place} (${about})`;
  const state = document.createElement("p");
  state.textContent = said;
  box.append(link, where, state);
  return box;
}

function land() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 4096 4096");
  svg.setAttribute("aria-hidden", "true");
  for (const part of ["land", "borders"]) {
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${holder.dataset.land}#${part}`);
    use.setAttribute("class", `world-${part}`);
    svg.append(use);
  }
  return svg;
}

function show(sites) {
  const L = window.L;
  const ground = document.createElement("div");
  ground.className = "world-ground";
  ground.setAttribute("role", "group");
  ground.setAttribute("aria-label", holder.dataset.how);
  holder.append(ground);
  const whole = L.latLngBounds([-85.0511, -180], [85.0511, 180]);
  const map = L.map(ground, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile,
    zoomSnap: 0.25, zoomDelta: 1, maxZoom: 7, maxBounds: [[-62, -185], [84, 185]], maxBoundsViscosity: 1,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  // Clusters are made for whole steps alone.
  map.setMinZoom(Math.floor(Math.log2(ground.clientWidth / 256)));
  L.control.zoom({
    position: getComputedStyle(holder).direction === "rtl" ? "bottomleft" : "bottomright",
    zoomInTitle: holder.dataset.closer, zoomOutTitle: holder.dataset.farther,
  }).addTo(map);
  L.svgOverlay(land(), whole, { interactive: false }).addTo(map);

  const cluster = L.markerClusterGroup({
    showCoverageOnHover: false, animate: !still, maxClusterRadius: 44,
    iconCreateFunction: (group) => {
      const count = document.createElement("span");
      count.textContent = group.getChildCount();
      count.setAttribute("aria-hidden", "true");
      const all = document.createElement("span");
      all.append(count, hidden(`${holder.dataset.many} ${group.getChildCount()}`));
      return L.divIcon({ className: "world-group", html: all, iconSize: [36, 36] });
    },
  });
  const rows = new Map([...document.querySelectorAll("[data-site]")].map((row) => [Number(row.dataset.site), row]));
  const markers = new Map();
  let opened;
  for (const [pk, name, place, latitude, longitude, exact, joinable, said] of sites) {
    const icon = L.divIcon({ className: joinable ? "world-pin is-open" : "world-pin", html: hidden(`${name}, ${place}, ${said}`), iconSize: [26, 26] });
    const marker = L.marker([latitude, longitude], { icon, keyboard: true, riseOnHover: true });
    const about = { url: `${holder.dataset.sites}${pk}/`, name, place, exact, said, about: holder.dataset.about };
    marker.bindPopup(() => card(about), { autoPanPadding: [24, 24] });
    marker.on("popupopen", () => { opened = marker; });
    marker.on("mouseover", () => rows.get(pk)?.classList.add("is-marked"));
    marker.on("mouseout", () => rows.get(pk)?.classList.remove("is-marked"));
    marker.on("add", () => {
      const pin = marker.getElement();
      pin.onfocus = () => rows.get(pk)?.classList.add("is-marked");
      pin.onblur = () => rows.get(pk)?.classList.remove("is-marked");
    });
    markers.set(pk, marker);
    cluster.addLayer(marker);
  }
  map.on("popupopen", ({ popup }) => {
    const close = popup.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", holder.dataset.close);
    popup.getElement().querySelector(".leaflet-popup-content a").focus({ preventScroll: true });
  });
  map.on("popupclose", ({ popup }) => {
    if (popup.getElement().contains(document.activeElement)) opened?.getElement()?.focus({ preventScroll: true });
  });
  ground.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  for (const [pk, row] of rows) {
    const mark = (on) => {
      const marker = markers.get(pk);
      const seen = marker && cluster.getVisibleParent(marker);
      for (const lit of ground.querySelectorAll(".is-marked")) lit.classList.remove("is-marked");
      if (on) seen?.getElement()?.classList.add("is-marked");
    };
    row.addEventListener("mouseenter", () => mark(true));
    row.addEventListener("mouseleave", () => mark(false));
    row.addEventListener("focusin", () => mark(true));
    row.addEventListener("focusout", () => mark(false));
  }
  if (markers.size) map.fitBounds(cluster.getBounds().pad(0.03), { maxZoom: 5, paddingTopLeft: [14, 14], paddingBottomRight: [56, 40], animate: false });
  else map.setView([25, 10], map.getMinZoom());
  map.addLayer(cluster);
  holder.classList.add("is-live");
}

async function begin() {
  const { world, scripts, styles } = holder.dataset;
  const data = fetch(world, { headers: { Accept: "application/json" } }).then((answer) => answer.json());
  const parts = [...styles.split(" ").map((one) => load("link", one)), ...scripts.split(" ").map((one) => load("script", one))];
  const [{ sites }] = await Promise.all([data, ...parts]);
  show(sites);
}

if (holder) {
  const watcher = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    watcher.disconnect();
    // Without its parts the drawing stays, and the list says the same.
    begin().catch(() => {});
  }, { rootMargin: "200px" });
  watcher.observe(holder);
}

// Where somebody is: asked only when they press the button, sent rounded to a tenth of a degree.
const locate = document.querySelector("[data-locate]");
if (locate && navigator.geolocation) {
  const note = document.querySelector("[data-locate-note]");
  locate.hidden = note.hidden = false;
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const near = document.querySelector("#near");
      near.value = `${coords.latitude.toFixed(1)},${coords.longitude.toFixed(1)}`;
      near.form.requestSubmit();
    }, () => { note.textContent = locate.dataset.refused; }, { timeout: 15000, maximumAge: 600000 });
  });
}
