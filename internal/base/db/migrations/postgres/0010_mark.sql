-- +goose Up
-- Marks of files: the decoys of each extract, and the numbers that therefore nobody may get.

CREATE TABLE extract_mark (
  extract TEXT NOT NULL PRIMARY KEY REFERENCES extract (id),
  sealed  BYTEA NOT NULL
);

CREATE TABLE reserved_number (
  token BYTEA NOT NULL PRIMARY KEY -- blind index of the number
);

CREATE TRIGGER extract_mark_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON extract_mark EXECUTE FUNCTION append_only();
CREATE TRIGGER reserved_number_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reserved_number EXECUTE FUNCTION append_only();
