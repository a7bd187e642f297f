// The control a file is brought with: chosen or dropped, sent as it is to our own route, with real progress.
// Streamlit calls this on every run; the listeners are set once, and what they say follows the newest data.
export default function (component) {
  const root = component.parentElement.querySelector(".upload");
  root.told = component;
  words(root);
  if (!root.listens) listen(root);
}

function listen(root) {
  root.listens = true;
  const input = part(root, "input");
  const zone = part(root, ".zone");
  input.addEventListener("change", () => {
    if (input.files.length) send(root, input.files[0]);
    input.value = ""; // the same file, mended, may be chosen again
  });
  part(root, ".cancel").addEventListener("click", () => root.request?.abort());
  for (const kind of ["dragenter", "dragover"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length && !root.request) send(root, event.dataTransfer.files[0]);
  });
}

function words(root) {
  const { texts, accept } = root.told.data;
  part(root, "input").accept = accept;
  part(root, ".label").textContent = texts.label;
  part(root, ".choose").textContent = texts.choose;
  part(root, ".or").textContent = texts.or;
  part(root, ".limits").textContent = texts.limits;
  part(root, ".cancel").textContent = texts.cancel;
  part(root, "progress").setAttribute("aria-label", texts.progress);
}

function send(root, file) {
  const { texts, address, largest } = root.told.data;
  show(root, { sending: false });
  const workbook = file.name.toLowerCase().endsWith(".xlsx");
  if (file.size > (workbook ? largest.xlsx : largest.csv)) return show(root, { problem: texts.large });
  const request = new XMLHttpRequest();
  root.request = request;
  const done = (problem) => {
    root.request = null;
    show(root, { problem });
    if (problem !== undefined) part(root, "input").focus();
  };
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) advance(root, file, event.loaded / event.total);
  });
  request.addEventListener("load", () => {
    const said = answer(request);
    if (request.status !== 201 || !said.draft) return done(said.message || texts.failed);
    done();
    root.told.setTriggerValue("draft", said.draft);
  });
  request.addEventListener("error", () => done(texts.failed));
  request.addEventListener("abort", () => done(texts.cancelled));
  request.open("PUT", `${address}&name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  show(root, { sending: true });
  advance(root, file, 0);
  request.send(file);
}

function answer(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function advance(root, file, share) {
  const { texts } = root.told.data;
  const percent = Math.floor(share * 100);
  part(root, "progress").value = percent;
  part(root, ".sent").textContent = texts.sending.replace("{file}", file.name).replace("{share}", percent);
}

function show(root, { sending = false, problem = "" }) {
  part(root, ".zone").hidden = sending;
  part(root, ".way").hidden = !sending;
  part(root, ".problem").textContent = problem;
  part(root, ".problem").hidden = !problem;
  if (sending) part(root, ".cancel").focus();
}

function part(root, selector) {
  return root.querySelector(selector);
}
