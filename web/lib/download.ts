/** Until when the browser has surely read it; a phone asks its owner first where to put it. */
const READ_MS = 60_000;

/** Hands the browser a file to keep. */
export function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), READ_MS);
}
