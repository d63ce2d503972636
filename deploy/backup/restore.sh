#!/bin/bash
# Put a database back as a backup has it (docs/runbooks/restoring-a-backup.md). What was there stays beside it under another name.
#   bash restore.sh FILE DATABASE
# The service is stopped; PGHOST, PGUSER, PGPASSWORD or PASSWORD_FILE, KEY_FILE as for backup.sh, with a superuser's name.
set -euo pipefail
file=${1:?names the backup} database=${2:?says which database it is put back as}
key=${KEY_FILE:?names the file with the passphrase of backups}
[ -z "${PASSWORD_FILE:-}" ] || { PGPASSWORD=$(cat "$PASSWORD_FILE"); export PGPASSWORD; }
export PGDATABASE=postgres
GNUPGHOME=$(mktemp --directory) && export GNUPGHOME
trap 'gpgconf --kill gpg-agent 2>/dev/null || true; rm -rf "$GNUPGHOME"' EXIT
ask() { # by the name, so that it is quoted by psql and not by us
    psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set db="$database" --set fresh="${database}_restored" \
        --set aside="${database}_before_$(date --utc +%Y%m%dT%H%M%SZ)" --file=-
}

there=$(ask <<< "SELECT count(*) FROM pg_database WHERE datname = :'db'")
busy=$(ask <<< "SELECT count(*) FROM pg_stat_activity WHERE datname = :'db' AND backend_type = 'client backend'")
[ "$busy" = 0 ] || { echo "restore: $busy connections to $database: stop its service first" >&2; exit 2; }
ask <<'SQL'
DROP DATABASE IF EXISTS :"fresh" WITH (FORCE);
CREATE DATABASE :"fresh" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C';
SQL
gpg --batch --quiet --pinentry-mode loopback --passphrase-file "$key" --decrypt "$file" |
    pg_restore --exit-on-error --no-password --dbname="${database}_restored"
[ "$there" = 0 ] || ask <<< 'ALTER DATABASE :"db" RENAME TO :"aside";'
ask <<< 'ALTER DATABASE :"fresh" RENAME TO :"db";'
made=$(basename "$file" | sed --regexp-extended 's/.*-([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z.*/\1-\2-\3T\4:\5:\6/')
echo "$database is as it was at $made. Before its service starts:"
echo "  servicelane provision $database && servicelane migrate $database && servicelane recall $database --since $made"
