#!/bin/sh
# The PostgreSQL image runs this once on an empty database. It creates the application's own role.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$HITL_APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE hitl_app LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
