// The names of buckets ("2024-05-16" of days, "2024-05-16T14:00+04:00" of hours and minutes) as places on an axis, and back.

export const WIDTHS = { day: 86400, hour: 3600, minute: 60 };

/** Seconds of the axis at which a bucket begins. Days stand by their date, whatever the zone; the rest by the moment. */
export function startOf(name) {
  return Date.parse(name.length === 10 ? `${name}T00:00Z` : name) / 1000;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** A bucket for people, as the tables write it. */
export function inWords(name) {
  const day = DAY.format(new Date(`${name.slice(0, 10)}T00:00Z`));
  return name.length === 10 ? day : `${day}, ${name.slice(11, 16)} (${name.slice(16)})`;
}

/** The moment a bucket ends, written as its name is. */
export function endOf(name, unit) {
  const end = startOf(name) + WIDTHS[unit];
  if (unit === "day") return new Date(end * 1000).toISOString().slice(0, 10);
  const offset = name.slice(16);
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(offset);
  const seconds = (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  return new Date((end + seconds) * 1000).toISOString().slice(0, 16) + offset;
}

/** The place of the bucket of this length that holds a moment, -1 where there is none; `starts` are in order. */
export function bucketAt(starts, length, moment) {
  return starts.findLastIndex((start) => start <= moment && moment < start + length);
}

/** The stretch [start, end) of whole buckets between two places of the axis, as a question takes it; null of none. */
export function stretchBetween(names, unit, from, to) {
  const inside = names.filter((name) => startOf(name) < to && startOf(name) + WIDTHS[unit] > from);
  if (!inside.length) return null;
  return { start: inside[0], end: endOf(inside.at(-1), unit) };
}
