#!/bin/bash
# Puts base backup $1 in the place of the database, to be brought forward to the moment $2 (default: the last one that was
# archived) when PostgreSQL starts. What was there stays in the volume of the backups as `replaced`.
set -euo pipefail

backups=/var/lib/postgresql
data=$backups/data
base=$backups/base/$1
[[ -d $base ]] || { echo "There is no base backup $1; there are:" >&2; ls "$backups/base" >&2; exit 1; }
rm -rf "$backups/replaced"
cp -a "$data" "$backups/replaced"
find "$data" -mindepth 1 -delete
cp -a "$base/." "$data"
# Of an earlier restore.
sed -i '/^restore_command\|^recovery_target/d' "$data/postgresql.auto.conf"
{
  echo "restore_command = 'cp $backups/wal/%f %p'"
  [[ -z ${2:-} ]] || echo "recovery_target_time = '$2'"
  echo "recovery_target_action = 'promote'"
} >>"$data/postgresql.auto.conf"
touch "$data/recovery.signal"
echo "PostgreSQL recovers from $1 when it starts."
