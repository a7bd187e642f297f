// Hands out the file that a run was asked for, once: Streamlit may call this again for the same one.
export default function ({ data }) {
  if (!data || window.uptakeHanded === data.once) return;
  window.uptakeHanded = data.once;
  const bytes = Uint8Array.from(atob(data.content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: data.mime }));
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
