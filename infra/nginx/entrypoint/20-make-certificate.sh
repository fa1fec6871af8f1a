#!/bin/bash
# Makes a certificate for localhost that nobody trusts, so that TLS can be tried, unless there is one.
set -euo pipefail
umask 077

cd /etc/nginx/tls
[[ -e certificate.pem && -e key.pem ]] && exit

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 825 \
  -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1' \
  -keyout new-key.pem -out new-certificate.pem 2>/dev/null
mv new-key.pem key.pem
mv new-certificate.pem certificate.pem
echo "made a self-signed certificate for localhost in $PWD"
