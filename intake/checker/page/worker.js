// Checking beside the page, so that it stays awake: the same code started again from its own text.

import { Session } from "./session.js";

/** Answer the page's requests {id, method, words} with {id, value} or {id, failed}; tell of progress on the way. */
export function answerRequests(scope) {
  let session = null;
  scope.onmessage = async ({ data: { id, method, words } }) => {
    const progress = (doing) => scope.postMessage({ id, doing });
    try {
      if (method === "start") session = new Session(...words);
      const value = method === "start" ? null : await session[method](...words, { progress });
      scope.postMessage({ id, value });
    } catch (error) {
      scope.postMessage({ id, failed: String(error?.message || error) });
    }
  };
}

/** A session in a worker made of `script`, or in the page itself where the browser allows none for a file. */
export function startSession(script, carried) {
  try {
    const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    return new Remote(new Worker(address), carried);
  } catch {
    return new Local(carried);
  }
}

class Local {
  constructor(carried) {
    this.session = new Session(carried);
  }

  async ask(method, words, progress = () => {}) {
    return this.session[method](...words, { progress });
  }
}

class Remote {
  constructor(worker, carried) {
    this.worker = worker;
    this.waiting = new Map();
    this.asked = 0;
    worker.onmessage = ({ data }) => this.answered(data);
    // A browser that lets no worker start says so here: then the page does the work itself.
    worker.onerror = () => this.fallBack(carried);
    this.local = null;
    this.ask("start", [carried]);
  }

  ask(method, words, progress = () => {}) {
    if (this.local) return this.local.ask(method, words, progress);
    return new Promise((done, failed) => {
      const id = ++this.asked;
      this.waiting.set(id, { method, words, done, failed, progress });
      this.worker.postMessage({ id, method, words });
    });
  }

  answered({ id, value, doing, failed }) {
    const request = this.waiting.get(id);
    if (doing) {
      request.progress(doing);
      return;
    }
    this.waiting.delete(id);
    if (failed) request.failed(new Error(failed));
    else request.done(value);
  }

  fallBack(carried) {
    if (this.local) return;
    this.local = new Local(carried);
    for (const { method, words, done, failed, progress } of this.waiting.values()) {
      if (method === "start") done(null);
      else this.local.ask(method, words, progress).then(done, failed);
    }
    this.waiting.clear();
  }
}
