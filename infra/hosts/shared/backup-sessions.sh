#!/bin/sh
# Asks the session Redis ($1) for a snapshot, as a replica would, and prints the name of the file that it went to.
set -eu

file=sessions-$(date -u +%Y%m%dT%H%M%SZ).rdb
REDISCLI_AUTH=$(cat /run/secrets/admin-password) $CLI -h "$1" --user admin --rdb "/data/$file.new" >&2
redis-check-rdb "/data/$file.new" >&2
mv "/data/$file.new" "/data/$file"
echo "$file"
