#!/bin/bash
# Takes a base backup and prints its name. Run in the container of postgres.
set -euo pipefail

name=$(date -u +%Y%m%dT%H%M%SZ)
base=/var/lib/postgresql/base
mkdir -p "$base"
# The log comes from the archive.
pg_basebackup --username=postgres --pgdata="$base/$name.new" --wal-method=none --checkpoint=fast --no-password 2>/dev/null
mv "$base/$name.new" "$base/$name"
echo "$name"
