#!/bin/bash
# archive_command: keeps the segment $1 as $2. Success only once it is on disk; never over another one.
set -euo pipefail

archive=/var/lib/postgresql/wal
mkdir -p "$archive"
# After a crash PostgreSQL may hand over one again that is there already.
[[ ! -e $archive/$2 ]] || exec cmp --silent "$1" "$archive/$2"
cp "$1" "$archive/$2.new"
sync "$archive/$2.new"
mv "$archive/$2.new" "$archive/$2"
sync "$archive"
