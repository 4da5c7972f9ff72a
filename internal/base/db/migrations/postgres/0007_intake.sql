-- +goose Up
-- Imports of files, each known by the hash of its content, and how far each has come.
CREATE TABLE intake (
  id          TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of the file
  kind        TEXT    NOT NULL,
  started_at  BIGINT NOT NULL,
  finished_at BIGINT,
  lines       BIGINT NOT NULL, -- data lines dealt with
  accepted    BIGINT NOT NULL,
  known       BIGINT NOT NULL, -- refused because the number is there already
  rejected    BIGINT NOT NULL,
  byte_offset BIGINT NOT NULL
);

CREATE TABLE intake_reject (
  intake TEXT    NOT NULL REFERENCES intake (id),
  line   BIGINT NOT NULL,
  field  TEXT    NOT NULL,
  rule   TEXT    NOT NULL,
  PRIMARY KEY (intake, line)
);

-- How far a move from another database has come, table by table.
CREATE TABLE move_progress (
  name     TEXT    NOT NULL PRIMARY KEY,
  position TEXT    NOT NULL, -- JSON: the last key copied
  rows_in  BIGINT NOT NULL,
  done     BIGINT NOT NULL CHECK (done IN (0, 1))
);
