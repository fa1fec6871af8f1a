/** The first and the last UTC day that the range [$2, $3) touches. */
export const firstTouchedDay = `($2::timestamptz AT TIME ZONE 'UTC')::date`;
export const lastTouchedDay = `(($3::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date`;

/** The UTC days that it touches. */
export const touchedDays = `day >= ${firstTouchedDay} AND day <= ${lastTouchedDay}`;
