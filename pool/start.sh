#!/bin/sh
# PgBouncer between our processes and PostgreSQL: however many connect here, so many connections stand there, and no more.
# What it must know is written from the environment into memory; the image holds no secret.
#
#   PGUSER, PGPASSWORD          who logs in, here and there
#   SERVER_HOST, SERVER_PORT, SERVER_NAME    where the database is, and its name
#   POOL_PAGES, POOL_WORK       connections to the database for pages, and for worker and clock
#   POOL_WAIT                   seconds that somebody waits for one of them before being refused
#   LISTEN_ADDRESS, LISTEN_PORT where it listens
set -eu
umask 077
folder=${POOL_DIR:-/tmp/pool}
mkdir -p "$folder"

# PgBouncer doubles a quotation mark to mean it.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/"/""/g')"; }
printf '%s %s\n' "$(quoted "$PGUSER")" "$(quoted "$PGPASSWORD")" >"$folder/users.txt"

server="host=${SERVER_HOST:-db} port=${SERVER_PORT:-5432} dbname=${SERVER_NAME:-jobcenter}"
# Compiling a statement takes PostgreSQL longer than it runs, and portions are read to the end: our settings ask for both by options, which a pool can't pass on.
ready="connect_query='SET jit = off; SET cursor_tuple_fraction = 1'"
cat >"$folder/pgbouncer.ini" <<END
[databases]
pages = $server pool_size=${POOL_PAGES:-30} $ready
work = $server pool_size=${POOL_WORK:-30} $ready

[pgbouncer]
listen_addr = ${LISTEN_ADDRESS:-0.0.0.0}
listen_port = ${LISTEN_PORT:-6432}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users.txt
; May look (SHOW POOLS), not change.
stats_users = $PGUSER

; A connection belongs to whoever has a transaction under way, and is free again after it.
pool_mode = transaction
max_client_conn = 2000
query_wait_timeout = ${POOL_WAIT:-15}
; A database that comes back is tried again soon.
server_login_retry = 2
server_connect_timeout = 5
; What nobody has needed for a minute is given back.
server_idle_timeout = 60
ignore_startup_parameters = options,extra_float_digits

; Each process that comes and goes is no news; that somebody waited in vain is.
log_connections = 0
log_disconnections = 0
log_stats = 0
END
exec pgbouncer "$folder/pgbouncer.ini"
