// Copies the address of exactly this view: every choice written out, also those left at their defaults.
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  const label = parentElement.querySelector("span");
  label.textContent = data.label;
  button.onclick = async () => {
    const address = new URL(window.location.href);
    address.search = data.query;
    try {
      await navigator.clipboard.writeText(address.href);
    } catch {
      window.prompt(data.label, address.href); // no clipboard without https: then the reader copies it
      return;
    }
    label.textContent = data.done;
    setTimeout(() => (label.textContent = data.label), 2000);
  };
}
