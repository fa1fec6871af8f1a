/** Throws a RangeError for limits that make no sense, alone or together. */
export function checkSessionLimits(limits: {
  idleTtlSeconds: number;
  absoluteTtlSeconds: number;
  touchIntervalSeconds: number;
  maxSessionsPerUser: number;
}): void {
  const {
    idleTtlSeconds: idle,
    absoluteTtlSeconds: absolute,
    touchIntervalSeconds: touch,
  } = limits;
  const values = [idle, absolute, touch, limits.maxSessionsPerUser];
  if (!values.every((value) => Number.isSafeInteger(value) && value >= 1)) {
    throw new RangeError('The limits of sessions must be whole numbers of at least 1');
  }
  if (idle > absolute) throw new RangeError('idleTtlSeconds must not exceed absoluteTtlSeconds');
  if (touch * 2 > idle) {
    throw new RangeError('touchIntervalSeconds must be at most half of idleTtlSeconds');
  }
}
