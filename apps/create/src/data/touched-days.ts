/** The UTC days that the range [$2, $3) touches. */
export const touchedDays = `day >= ($2::timestamptz AT TIME ZONE 'UTC')::date
  AND day <= (($3::timestamptz - interval '1 microsecond') AT TIME ZONE 'UTC')::date`;
