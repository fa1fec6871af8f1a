#!/bin/bash
# Keeps nginx's upstreams equal to the instances that are running.
#
# The DNS, Docker's or another, gives a service's name (in SERVICE_DOMAIN, if that is set) the addresses of all its
# instances. Once a second each name is resolved; when the set of addresses has changed, its upstream is written anew and
# nginx reloaded. A new address is taken at once. One that is gone stays for `linger` seconds: a restart on the same
# address needs no reload then, and until it is back nginx notices by itself. An empty answer changes nothing, since it
# says more of the DNS than of the service.
#
# A reload closes the connections that clients keep open, and a request that is on its way into one is lost. So for `notice`
# seconds before it clients are told to close theirs: short.conf and app.conf do while the file `reload-is-near` exists.
#
# The first round ends before nginx starts; the rest runs in the background until the container ends.
set -uo pipefail

directory=/run/generated
linger=30
notice=3
declare -A port_of=(
  [create]=3000
  [redirect]=3001
  [worker]=3002
  # `turbo gen service` adds services above this line.
)
# "service address" → when it was last resolved.
declare -A last_seen=()
changed=
# No instance that nginx knows is left: there is nothing to wait for.
urgent=

# The trailing dot keeps the host's search domains out. Nothing found is no error.
addresses_of() { # SERVICE
  timeout 2 getent ahostsv4 "$1${SERVICE_DOMAIN:+.$SERVICE_DOMAIN}." | while read -r address kind _; do
    [[ $kind == STREAM ]] && echo "$address"
  done
}

look() { # SERVICE
  local service=$1 address member found stayed=
  found=$(addresses_of "$service")
  [[ -n $found ]] || return
  for address in $found; do
    if [[ -v last_seen["$service $address"] ]]; then stayed=yes; else changed=yes; fi
    last_seen["$service $address"]=$EPOCHSECONDS
  done
  [[ -n $stayed ]] || urgent=yes
  for member in "${!last_seen[@]}"; do
    [[ $member == "$service "* ]] || continue
    ((EPOCHSECONDS - last_seen["$member"] > linger)) || continue
    unset "last_seen[$member]"
    changed=yes
  done
}

# An instance that failed rests for a second or two. If all rest, those marked `backup` stand in: the same ones, with no
# record of failures, so that a request which breaks each of them takes nothing from the others. One alone never rests. `keepalive_timeout` is shorter than the 5 s for which a stopping
# instance keeps idle connections open, so that no request is sent into one that is being closed.
upstream() { # SERVICE
  local service=$1 member address
  local -a servers=()
  for member in "${!last_seen[@]}"; do
    [[ $member == "$service "* ]] && servers+=("${member#* }:${port_of[$service]}")
  done
  echo "upstream $service {"
  echo "    zone $service 256k;"
  case ${#servers[@]} in
    0) echo '    server 127.0.0.1:8091; # nobody yet: loopback.conf' ;;
    1) echo "    server ${servers[0]};" ;;
    *)
      for address in "${servers[@]}"; do
        echo "    server $address max_fails=1 fail_timeout=1s;"
        echo "    server $address max_fails=0 backup;"
      done
      ;;
  esac
  echo '    keepalive 64;'
  echo '    keepalive_timeout 4s;'
  echo '    keepalive_requests 100000;'
  echo '}'
}

write_upstreams() {
  local service
  for service in "${!port_of[@]}"; do
    upstream "$service" >"$directory/$service.new" && mv "$directory/$service.new" "$directory/$service.conf"
  done
}

look_at_all() {
  local service
  for service in "${!port_of[@]}"; do look "$service"; done
}

reload() {
  [[ -s /run/nginx.pid ]] && nginx -t -q && nginx -s reload && echo "instances: ${!last_seen[*]}"
}

follow() {
  while sleep 1; do
    look_at_all
    [[ -n $changed ]] || continue
    if [[ -z $urgent ]]; then
      touch "$directory/reload-is-near"
      sleep "$notice"
      look_at_all
    fi
    write_upstreams && reload && changed= urgent=
    # The old workers read the file until they have seen the reload.
    sleep 1
    rm -f "$directory/reload-is-near"
  done
}

look_at_all
write_upstreams
changed= urgent=
follow &
