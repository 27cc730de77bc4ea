// SPDX-License-Identifier: Apache-2.0
// What the daemon answers. One that is busy is not asked more often than it can bear.

const kPatience_ms = 5000;
const kRest = 10; // times as long as an answer took, nothing is asked again

export async function ask(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(kPatience_ms), cache: "no-store" });
  if (response.ok) return response.json();
  const said = await response.json().catch(() => ({}));
  const problem = new Error(said.error ?? `the daemon answers ${response.status}`);
  problem.status = response.status;
  throw problem;
}

// An endpoint that an older daemon does not have says nothing.
export async function ask_if_there(path, otherwise) {
  try {
    return await ask(path);
  } catch (problem) {
    if (problem.status === 404) return otherwise;
    throw problem;
  }
}

// Asks for `path`, shows the answer, and again after `every_ms`, or later when answers are slow.
export class Watch {
  constructor(path, every_ms, show) {
    Object.assign(this, { path, every_ms, show, due_ms: 0, asking: false });
  }

  async turn(now_ms, reading = ask) {
    if (this.asking || now_ms < this.due_ms) return;
    this.asking = true;
    const began = performance.now();
    try {
      this.show(await reading(this.path));
    } finally {
      this.asking = false;
      this.due_ms = now_ms + Math.max(this.every_ms, kRest * (performance.now() - began));
    }
  }
}
