// Numbers and times as text.

export const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });
export const calendar = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
export const number = (value) => value.toLocaleString('en');

/** How long ago, or how long it takes. */
export function span(seconds) {
  const steps = [[86_400, 'd'], [3_600, 'h'], [60, 'min']];
  const [length, unit] = steps.find(([length]) => seconds >= length) ?? [1, 's'];
  const value = seconds / length;
  return `${value < 10 && unit !== 's' ? value.toFixed(1) : Math.floor(value)} ${unit}`;
}

let now = Date.now();

/** From here on it is as late as the system says. */
export function setNow(time) {
  now = Date.parse(time);
}

/** How many seconds ago a time was, by the clock of the system. */
export const age = (time) => (now - Date.parse(time)) / 1000;
