#!/bin/bash
# Back up databases, each into a file of its own (docs/runbooks/backing-up.md): dumped, encrypted, read back to its end, put in place.
#   bash backup.sh FOLDER DATABASE...
# Where the server is, libpq is told: PGHOST, PGPORT, PGUSER, and PGPASSWORD or PASSWORD_FILE. KEY_FILE: the passphrase of backups.
# KEEP_DAYS (30): older ones go, once there is a newer one that could be read. TEXTFILE: where a node exporter reads how old they are.
# Tools: those of PostgreSQL, GnuPG.
set -euo pipefail
folder=${1:?says where backups are put} && shift
key=${KEY_FILE:?names the file with the passphrase of backups}
keep=${KEEP_DAYS:-30}
[ "$(wc -c < "$key")" -ge 32 ] || { echo "backup: $key must have 32 characters at least" >&2; exit 2; }
[ "${keep//[0-9]/}" = "" ] || { echo "backup: KEEP_DAYS must be a number of days, not '$keep'" >&2; exit 2; }
[ -z "${PASSWORD_FILE:-}" ] || { PGPASSWORD=$(cat "$PASSWORD_FILE"); export PGPASSWORD; }
umask 077
GNUPGHOME=$(mktemp --directory) && export GNUPGHOME
trap 'gpgconf --kill gpg-agent 2>/dev/null || true; rm -rf "$GNUPGHOME"' EXIT
gpg=(gpg --batch --quiet --pinentry-mode loopback --passphrase-file "$key")

backed_up() { # DATABASE FILE: what is in place afterwards was read back to its end
    pg_dump --format=custom --no-password "$1" |
        "${gpg[@]}" --symmetric --cipher-algo AES256 --compress-algo none --output "$2.part" || return
    "${gpg[@]}" --decrypt "$2.part" | pg_restore --file=/dev/null || return
    sync "$2.part" && mv "$2.part" "$2"
}

failed=0
for database in "$@"; do
    began=$(date +%s) # before the dump: what is announced from now on may not be in it
    mkdir -p "$folder/$database"
    file=$folder/$database/$database-$(date --utc --date="@$began" +%Y%m%dT%H%M%SZ).dump.gpg
    if backed_up "$database" "$file"; then
        find "$folder/$database" -name "$database-*.dump.gpg" ! -newermt "-$keep days" ! -path "$file" -delete
        printf '{"event": "backed_up", "database": "%s", "file": "%s", "bytes": %d, "seconds": %d}\n' \
            "$database" "$file" "$(stat --format=%s "$file")" "$(($(date +%s) - began))"
    else
        rm -f "$file.part"
        printf '{"event": "backup_failed", "database": "%s"}\n' "$database" >&2
        failed=1
    fi
done
if [ -n "${TEXTFILE:-}" ]; then
    {
        echo "# TYPE servicelane_backup_finished_seconds gauge"
        for database in "$@"; do
            newest=$(find "$folder/$database" -name "$database-*.dump.gpg" -printf '%T@\n' | sort --numeric-sort | tail --lines=1)
            [ -z "$newest" ] || echo "servicelane_backup_finished_seconds{database=\"$database\"} $newest"
        done
    } > "$TEXTFILE.$$"
    chmod 644 "$TEXTFILE.$$" && mv "$TEXTFILE.$$" "$TEXTFILE"
fi
exit $failed
