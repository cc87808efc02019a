#!/bin/sh
# Run once by PostgreSQL's image on an empty database: the role that the application itself signs in with.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$HITL_APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE hitl_app LOGIN PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
