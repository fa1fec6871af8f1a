#!/bin/bash
# Writes the configuration that depends on the environment and on nginx's version, before nginx starts.
set -euo pipefail

directory=/run/generated
mkdir -p "$directory"

# FRONT_PROXIES: addresses and CIDRs, separated by spaces or commas.
front_proxies=${FRONT_PROXIES:-}
for address in ${front_proxies//,/ }; do
  echo "set_real_ip_from $address;"
done >"$directory/front-proxies.conf"

echo "worker_processes ${WORKER_PROCESSES:-auto};" >"$directory/worker-processes"

# A reload closes idle connections of clients. Where nginx can, it first gives each that long to send its next request, so
# that none is sent into a closing connection.
version=$(nginx -v 2>&1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')
if printf '%s\n' 1.27.4 "$version" | sort --check=quiet --version-sort; then
  echo 'keepalive_min_timeout 10s;'
fi >"$directory/keep-alive.conf"
