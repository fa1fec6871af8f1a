#!/bin/sh
# Makes the snapshot /backups/$1 the whole content of the session Redis. The server reads its append-only file alone, so the
# snapshot becomes that file's base. What was there stays beside it until the next restore.
set -eu

[ -f "/backups/$1" ] || { echo "There is no backup $1; there are:" >&2; ls /backups >&2; exit 1; }
cd /data
rm -rf restored replaced
mkdir restored
cp "/backups/$1" restored/appendonly.aof.1.base.rdb
echo 'file appendonly.aof.1.base.rdb seq 1 type b' >restored/appendonly.aof.manifest
[ ! -d appendonlydir ] || mv appendonlydir replaced
mv restored appendonlydir
echo "The sessions of $1 are in place."
