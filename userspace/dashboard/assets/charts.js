// SPDX-License-Identifier: Apache-2.0
// Cards: for the host and for some services, packets and new flows over what was
// dropped, per second, on the same time, with the marks of generations.

import { clock, plain, quantity } from "./words.js";
import { keyed, set_text } from "./table.js";

// The host first; its name is empty.
const kHost = "";
const kUpper = ["packets", "new_flows"];
const kLower = ["configuration", "limit", "sender"];
const kDashes = { packets: [], new_flows: [4, 3], configuration: [], limit: [4, 3], sender: [1, 3] };
const kAxis_px = 46, kGap_px = 3;
const kTicks_s = { 300: 60, 3600: 600, 86400: 3 * 3600 };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const unit_of = (name) => (name.startsWith("dropped-by-") ? name.slice(11) : name);

// The vertical lines of generations. Of the words the newest get the room there is.
const marks_plugin = {
  id: "marks",
  afterDatasetsDraw(chart, _, options) {
    const { ctx, chartArea: area, scales } = chart;
    let free_to = area.right;
    ctx.save();
    ctx.font = `11px ${chart.options.font.family}`;
    for (const mark of [...(options.marks ?? [])].reverse()) {
      const x = scales.x.getPixelForValue(mark.at_s);
      if (x < area.left || x > area.right) continue;
      ctx.strokeStyle = ctx.fillStyle = colour(mark.what === "rolled-back" ? "back" : "mark");
      draw_line(ctx, x, area, mark.what === "live" || mark.what === "confirmed" ? [] : [3, 3]);
      if (options.named) free_to = draw_words(ctx, `${mark.generation} ${plain(mark.what)}`, x, area, free_to);
    }
    ctx.restore();
  },
};

function draw_line(ctx, x, area, dash) {
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, area.top);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
}

// Behind the line, or before it; where neither has room, nowhere. Returns where the room ends now.
function draw_words(ctx, words, x, area, free_to) {
  const width = ctx.measureText(words).width;
  const left = [x + kGap_px, x - kGap_px - width].find((at) => at >= area.left && at + width <= free_to);
  if (left === undefined) return free_to;
  ctx.fillText(words, left, area.top + 9);
  return left - 2 * kGap_px;
}

function dataset(name) {
  return {
    label: name,
    data: [],
    borderWidth: name === "sender" ? 1 : 1.5,
    borderDash: kDashes[name],
    yAxisID: name === "new_flows" ? "flows" : "y",
    fill: name === "packets" || name === "configuration" ? "origin" : false,
    pointRadius: 0,
    spanGaps: false,
  };
}

// New flows are a small part of the packets: they have an axis of their own.
function value_axis(position, most_ticks) {
  return {
    position,
    beginAtZero: true,
    suggestedMax: 1,
    ticks: {
      display: most_ticks > 1,
      maxTicksLimit: most_ticks,
      font: { size: 11 },
      callback: (value) => quantity(value),
    },
    afterFit: (axis) => {
      axis.width = kAxis_px;
    },
  };
}

function options(upper) {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    parsing: false,
    interaction: { mode: "index", intersect: false },
    font: { family: "system-ui, sans-serif" },
    scales: {
      x: {
        type: "linear",
        ticks: { display: !upper, maxRotation: 0, font: { size: 11 }, callback: (value) => clock(value, false) },
        afterBuildTicks: (axis) => {
          const step = kTicks_s[Math.round(axis.max - axis.min)] ?? 60;
          axis.ticks = [];
          for (let at = Math.ceil(axis.min / step) * step; at <= axis.max; at += step) axis.ticks.push({ value: at });
        },
      },
      y: value_axis("left", upper ? 4 : 3),
      // Of the lower chart empty, so that both have the same times below each other.
      flows: value_axis("right", upper ? 4 : 1),
    },
    plugins: {
      legend: { display: false },
      marks: { marks: [], named: false },
      tooltip: {
        callbacks: {
          title: (items) => clock(items[0].parsed.x),
          label: (item) => `${plain(item.dataset.label)}: ${quantity(item.parsed.y)} /s`,
        },
      },
    },
  };
}

class Card {
  constructor(element, name) {
    this.name = name;
    const [upper, lower] = element.querySelectorAll("canvas");
    this.upper = this.chart(upper, kUpper, true);
    this.lower = this.chart(lower, kLower, false);
    this.upper.options.plugins.marks.named = name === kHost;
    this.recolour();
  }

  chart(canvas, names, upper) {
    return new Chart(canvas, {
      type: "line",
      data: { datasets: names.map(dataset) },
      options: options(upper),
      plugins: [marks_plugin],
    });
  }

  charts() {
    return [this.upper, this.lower];
  }

  recolour() {
    for (const chart of this.charts()) {
      for (const set of chart.data.datasets) {
        set.borderColor = colour(set.label);
        set.backgroundColor = colour(`${set.label}-fill`);
      }
      for (const [name, axis] of Object.entries(chart.options.scales)) {
        axis.ticks.color = colour(name === "flows" ? "new_flows" : "muted");
        const grid = { color: colour("grid"), borderColor: colour("grid") };
        axis.grid = { ...grid, drawTicks: false, drawOnChartArea: name !== "flows" };
      }
      chart.update("none");
    }
  }

  show(history) {
    const lanes = new Map(history.series.map((line) => [unit_of(line.name), line.values]));
    const end_s = history.from_s + history.step_s * lanes.get("packets").length;
    for (const chart of this.charts()) {
      for (const set of chart.data.datasets)
        set.data = (lanes.get(set.label) ?? []).map((y, place) => ({ x: history.from_s + place * history.step_s, y }));
      Object.assign(chart.options.scales.x, { min: history.from_s, max: end_s });
      chart.options.plugins.marks.marks = history.marks;
      chart.update("none");
    }
    this.describe(lanes);
  }

  describe(lanes) {
    const last = (name) => quantity((lanes.get(name) ?? []).findLast((value) => value !== null));
    const words = (names) => names.map((name) => `${plain(name)} ${last(name)} per second`).join(", ");
    this.upper.canvas.setAttribute("aria-label", `now: ${words(kUpper)}`);
    this.lower.canvas.setAttribute("aria-label", `dropped now, by ${words(kLower)}`);
  }

  destroy() {
    for (const chart of this.charts()) chart.destroy();
  }
}

export class Cards {
  constructor(parent) {
    this.parent = parent;
    this.cards = new Map();
    for (const scheme of ["dark", "light"])
      matchMedia(`(prefers-color-scheme: ${scheme})`).addEventListener("change", () => this.recolour());
  }

  names() {
    return [...this.cards.keys()];
  }

  // The services that have a card, in this order, behind the host.
  choose(services) {
    const wanted = [kHost, ...services];
    keyed(this.parent, wanted, (name) => `card ${name}`, (name) => this.element(name), () => {});
    for (const [name, card] of this.cards)
      if (!wanted.includes(name)) {
        card.destroy();
        this.cards.delete(name);
      }
    for (const name of wanted)
      if (!this.cards.has(name))
        this.cards.set(name, new Card(this.parent.querySelector(`[data-key="${CSS.escape(`card ${name}`)}"]`), name));
  }

  element(name) {
    const card = document.createElement("figure");
    card.className = name === kHost ? "card host" : "card";
    const title = document.createElement("figcaption");
    set_text(title, name === kHost ? "all traffic of this host" : name);
    card.append(title, frame("upper"), frame("lower"));
    return card;
  }

  show(name, history) {
    this.cards.get(name)?.show(history);
  }

  recolour() {
    for (const card of this.cards.values()) card.recolour();
  }
}

function frame(name) {
  const box = document.createElement("div");
  box.className = `plot ${name}`;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  box.append(canvas);
  return box;
}
