/** How often an open window asks whether there is a new version. */
const ASK_EVERY_MS = 30 * 60_000;

/** The address of this page's main script: it names the version that is on screen. */
const ownScript = (): string => {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return script ? new URL(script.src).pathname : '';
};

/** Whether the worker belongs to the version that is on screen; a worker that does not answer does not. */
function isOfThisVersion(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === true);
    setTimeout(() => resolve(false), 2_000);
    worker.postMessage(ownScript(), [port2]);
  });
}

/**
 * Registers the service worker and calls `onNewVersion` when the server has a version that is not the one on screen. It never loads the
 * page again by itself: somebody may be typing. Where service workers are refused, the app works without.
 */
export async function watchForNewVersion(onNewVersion: () => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  if (!registration) return;
  const judge = async (worker: ServiceWorker) => {
    // A page that was loaded a moment ago is of the new version already, because a screen is asked for at the server first.
    if (await isOfThisVersion(worker)) worker.postMessage('take-over');
    else onNewVersion();
  };
  if (registration.waiting) void judge(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const found = registration.installing;
    found?.addEventListener('statechange', () => {
      // The very first worker replaces nothing.
      if (found.state === 'installed' && registration.active) void judge(found);
    });
  });
  // Another window may have let the new worker take over.
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    const { controller } = navigator.serviceWorker;
    if (controller) void isOfThisVersion(controller).then((same) => !same && onNewVersion());
  });
  const ask = () => void registration.update().catch(() => undefined); // offline: the next time will do
  setInterval(ask, ASK_EVERY_MS);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ask());
}
