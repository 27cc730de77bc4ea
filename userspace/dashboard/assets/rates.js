// SPDX-License-Identifier: Apache-2.0
// Rates: how fast counters grow, over the last moments of a window. A counter that
// reads less than before began again; then there is no rate until it was read twice.

export class Rates {
  constructor(window_s) {
    this.window_s = window_s;
    this.counters = new Map();
  }

  // Growth since the oldest moment of the window, and over how long; null before the second reading.
  growth(key, value, time_s) {
    let moments = this.counters.get(key);
    if (!moments || moments.at(-1).value > value) this.counters.set(key, (moments = []));
    if (moments.length === 0 || moments.at(-1).time_s < time_s) moments.push({ time_s, value });
    while (moments.length > 2 && moments[1].time_s <= time_s - this.window_s) moments.shift();
    const first = moments[0];
    return first.time_s < time_s ? { more: value - first.value, over_s: time_s - first.time_s } : null;
  }

  rate(key, value, time_s) {
    const grown = this.growth(key, value, time_s);
    return grown === null ? null : grown.more / grown.over_s;
  }

  // Counters that nobody has read since then are gone.
  forget_before(time_s) {
    for (const [key, moments] of this.counters) if (moments.at(-1).time_s < time_s) this.counters.delete(key);
  }
}
