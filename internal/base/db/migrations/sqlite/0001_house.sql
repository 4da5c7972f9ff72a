-- +goose Up
-- What the house itself needs: the next number of each counter, what the register is, and the hashes of
-- applied migrations.
CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, next) VALUES ('person', 1), ('journal', 1), ('approval', 1), ('epoch', 1);

-- What the register says of itself: which keys it was made with, its name in the journal's checkpoints.
CREATE TABLE register (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_checksum (
  version INTEGER NOT NULL PRIMARY KEY,
  name    TEXT NOT NULL,
  sha256  TEXT NOT NULL
) STRICT;
