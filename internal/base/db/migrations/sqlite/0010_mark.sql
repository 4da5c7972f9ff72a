-- +goose Up
-- Marks of files: the decoys of each extract, and the numbers that therefore nobody may get.

CREATE TABLE extract_mark (
  extract TEXT NOT NULL PRIMARY KEY REFERENCES extract (id),
  sealed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE reserved_number (
  token BLOB NOT NULL PRIMARY KEY -- blind index of the number
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER extract_mark_update BEFORE UPDATE ON extract_mark BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER extract_mark_delete BEFORE DELETE ON extract_mark BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reserved_number_update BEFORE UPDATE ON reserved_number BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER reserved_number_delete BEFORE DELETE ON reserved_number BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
