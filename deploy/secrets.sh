#!/bin/sh
# Make what is not there yet of the files that deploy/compose.yaml takes its secrets from; nothing is overwritten.
#   sh deploy/secrets.sh [FOLDER]      (deploy/secrets)
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder" # on the host they are this user's alone; inside a container its own user reads them
for name in rabbitmq postgres owner booking workshop parts billing crm gateway jwt backup_key; do
    [ -e "$folder/$name" ] || openssl rand -hex 32 > "$folder/$name"
done
# Where there is one: the JWT secret that is believed besides (docs/runbooks/rotating-the-jwt-secret.md), the keys of an object storage
# (ATTACHMENT_STORE), the address that health records are sent to (docs/runbooks/health-records.md).
for name in jwt_previous s3_access_key s3_secret_key health_record_url; do
    [ -e "$folder/$name" ] || : > "$folder/$name"
done
chmod 444 "$folder"/*
