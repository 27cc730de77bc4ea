// SPDX-License-Identifier: Apache-2.0
// Numbers and times as an operator reads them.

const kUnits = ["", " k", " M", " G", " T"];

// Three digits are enough to compare: 12.3 k. What is unknown is a dash.
export function quantity(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < kUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  return (digits > 0 ? text.replace(/\.?0+$/, "") : text) + kUnits[unit];
}

export function whole(value) {
  return value.toLocaleString("en-GB").replaceAll(",", " ");
}

export function percent(share) {
  if (share === null || share === undefined || Number.isNaN(share)) return "–";
  return `${(share * 100).toFixed(share >= 0.0995 ? 0 : 1)} %`;
}

export function duration(seconds) {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

export function clock(unix_s, with_seconds = true) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (with_seconds) parts.second = "2-digit";
  return new Date(unix_s * 1000).toLocaleTimeString("en-GB", parts);
}

// "rolled-back" and "no_backend" are words of the API, not of a page.
export function plain(word) {
  return word.replaceAll(/[-_]/g, " ");
}
