-- +goose Up
-- Imports of files, each known by the hash of its content, and how far each has come.
CREATE TABLE intake (
  id          TEXT    NOT NULL PRIMARY KEY, -- SHA-256 of the file
  kind        TEXT    NOT NULL,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  lines       INTEGER NOT NULL, -- data lines dealt with
  accepted    INTEGER NOT NULL,
  known       INTEGER NOT NULL, -- refused because the number is there already
  rejected    INTEGER NOT NULL,
  byte_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE intake_reject (
  intake TEXT    NOT NULL REFERENCES intake (id),
  line   INTEGER NOT NULL,
  field  TEXT    NOT NULL,
  rule   TEXT    NOT NULL,
  PRIMARY KEY (intake, line)
) STRICT, WITHOUT ROWID;

-- How far a move from another database has come, table by table.
CREATE TABLE move_progress (
  name     TEXT    NOT NULL PRIMARY KEY,
  position TEXT    NOT NULL, -- JSON: the last key copied
  rows_in  INTEGER NOT NULL,
  done     INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT, WITHOUT ROWID;
