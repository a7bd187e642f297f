// What only a browser can do: say which language the page is in, save a chart as a picture, copy a view's address, and
// lead on. The page's HTML brings this file once; buttons and links are plain HTML that say in their data what they are for.
const NS = "http://www.w3.org/2000/svg";
const HEAD = 34;
const MARGIN = 22; // the picture is set in other letters than the page, and may be wider
const LINE = 15;
const LETTER = 5.6; // the mean width of a letter under a picture
const SCALE = 2; // of PNG: sharp in print and on fine screens

const WAYS = "a[data-way], [data-go], [data-take]";
let pressed = ""; // what was pressed last: the run that follows writes it anew, and it is where the reader was

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-save], button[data-copy]");
  if (button) return button.dataset.save ? save(button.dataset) : copy(button.dataset, button);
  const menu = event.target.closest("button[data-menu]");
  if (!menu) closeMenus();
  else return toggle(menu, menu.getAttribute("aria-expanded") !== "true");
  const way = event.target.closest(WAYS);
  if (!way || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  pressed = named(way);
  if (way.dataset.take) take(way.dataset.take);
  else if (way.dataset.go) go(JSON.parse(way.dataset.go));
  else follow(way.getAttribute("href"));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(true);
  else pressed = "";
});
document.addEventListener("pointerdown", () => (pressed = ""));

// Streamlit writes <html lang="en"> whatever is shown, and makes what changed anew: then the focus is on nothing.
let waits = false;
new MutationObserver(() => {
  if (waits) return;
  waits = true;
  requestAnimationFrame(() => {
    waits = false;
    const spoken = document.querySelector("[data-language]");
    if (spoken) document.documentElement.lang = spoken.dataset.language;
    if (!pressed || document.activeElement !== document.body) return;
    [...document.querySelectorAll(WAYS)].find((way) => named(way) === pressed)?.focus();
  });
}).observe(document.documentElement, { childList: true, subtree: true });

// The address is all that a page is asked by. Streamlit runs again when it changes as when somebody goes back or forth.
function follow(address, step = "pushState") {
  window.history[step]({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

// Changes something of exactly this view: every choice is written out, as it is for who copies the address.
function go(changes) {
  const query = new URLSearchParams(document.querySelector("button[data-copy]")?.dataset.copy || window.location.search);
  for (const [name, value] of Object.entries(changes)) value === null ? query.delete(name) : query.set(name, value);
  follow(`?${query}`);
}

// Asks for a file. The server takes the wish out of the address again, so it is no step to go back to.
function take(wish) {
  const query = new URLSearchParams(window.location.search);
  query.set("take", wish);
  follow(`?${query}`, "replaceState");
}

function named(way) {
  return way.dataset.take || way.dataset.go || way.getAttribute("href");
}

function toggle(menu, open) {
  menu.setAttribute("aria-expanded", open);
  menu.nextElementSibling.hidden = !open;
}

function closeMenus(back = false) {
  for (const menu of document.querySelectorAll('button[data-menu][aria-expanded="true"]')) {
    toggle(menu, false);
    if (back) menu.focus();
  }
}

// Copies the address of exactly this view: every choice written out, also those left at their defaults.
async function copy({ copy: query, done }, button) {
  const address = new URL(window.location.href);
  address.search = query;
  try {
    await navigator.clipboard.writeText(address.href);
  } catch {
    window.prompt(button.textContent, address.href); // no clipboard without https: then the reader copies it
    return;
  }
  const label = button.textContent;
  button.textContent = done;
  setTimeout(() => (button.textContent = label), 2000);
}

// Saves the chart beside it as a picture: its title, the drawing as it stands, and the lines it carries.
function save({ save: format, chart: key, title, name, note, told }) {
  const chart = document.querySelector(`.st-key-${CSS.escape(key)} .js-plotly-plot`);
  if (!chart) return;
  const picture = drawing(chart, title, told, [...wrapped(note, chart.clientWidth), ...wrapped(viewAddress(), chart.clientWidth)]);
  const text = new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" });
  if (format === "svg") return hand(text, `${name}.svg`);
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.width.baseVal.value * SCALE;
    canvas.height = picture.height.baseVal.value * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((made) => hand(made, `${name}.png`), "image/png");
  };
  // Not a blob's address: some browsers then refuse to read the canvas.
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(picture));
}

// The address of exactly this view, as the page's corner copies it; of the page where there is no such button.
function viewAddress() {
  const corner = document.querySelector("button[data-copy]");
  const address = new URL(window.location.href);
  if (corner) address.search = corner.dataset.copy;
  return address.href;
}

// Parts a text into lines. A long address is parted before an ampersand.
function wrapped(text, width) {
  const letters = Math.max(40, Math.floor(width / LETTER));
  const lines = [];
  for (const word of (text || "").split(/ |(?=&)/).filter(Boolean)) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + word.length < letters) lines[last] += (word.length > 1 && word.startsWith("&") ? "" : " ") + word;
    else lines.push(word);
  }
  return lines;
}

function drawing(chart, title, told, foot) {
  const { width, height } = chart.getBoundingClientRect();
  const page = getComputedStyle(document.querySelector(".stApp"));
  const bottom = foot.length * LINE + MARGIN;
  const picture = element("svg", { width: width + 2 * MARGIN, height: height + HEAD + bottom, role: "img" });
  picture.setAttribute("xmlns", NS);
  for (const [name, text] of [["title", title], ["desc", told]]) {
    const words = element(name, {});
    words.textContent = text;
    picture.append(words);
  }
  picture.append(element("rect", { width: "100%", height: "100%", fill: page.backgroundColor }));
  const head = element("text", { x: MARGIN, y: 23, fill: page.color, "font-size": 16, "font-weight": 700 });
  head.setAttribute("font-family", page.fontFamily);
  head.textContent = title;
  picture.append(head);
  for (const layer of chart.querySelectorAll("svg.main-svg")) {
    const copy = layer.cloneNode(true);
    copy.querySelectorAll(".hoverlayer, .draglayer, .zoomlayer").forEach((part) => part.remove());
    copy.setAttribute("x", MARGIN);
    copy.setAttribute("y", HEAD);
    copy.style.background = "none";
    copy.style.overflow = "visible"; // the picture may be set in other letters than the page
    picture.append(copy);
  }
  foot.forEach((text, number) => {
    const line = element("text", { x: MARGIN, y: HEAD + height + LINE * (number + 0.8), "font-size": 11 });
    line.setAttribute("fill", page.color);
    line.setAttribute("font-family", page.fontFamily);
    line.textContent = text;
    picture.append(line);
  });
  return picture;
}

function element(name, attributes) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function hand(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
