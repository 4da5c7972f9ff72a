-- +goose Up
-- The journal. An entry lies in the bucket of the person it is about, or in the home bucket; it commits in
-- the transaction that it accounts for. journal_leaf gives the entries one order, the Merkle tree's.
CREATE TABLE journal_entry (
  bucket     INTEGER NOT NULL,
  id         BLOB    NOT NULL,
  at         INTEGER NOT NULL, -- milliseconds since 1970, UTC
  staff      TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  purpose    TEXT    NOT NULL,
  case_id    TEXT    NOT NULL,
  action     TEXT    NOT NULL,
  people     BLOB    NOT NULL, -- whose, as runs of the core's integers
  persons    INTEGER NOT NULL, -- how many
  fields     INTEGER NOT NULL, -- which fields, as bits
  outcome    TEXT    NOT NULL,
  detail     TEXT    NOT NULL, -- JSON, never personal data
  reason     BLOB    NOT NULL, -- sealed: people write names into reasons
  salt       BLOB    NOT NULL,
  commitment BLOB    NOT NULL,
  PRIMARY KEY (bucket, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_entry_staff ON journal_entry (staff, at);

-- Whose page an entry belongs on: who looked.
CREATE TABLE journal_person (
  bucket       INTEGER NOT NULL,
  person       INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  entry_bucket INTEGER NOT NULL,
  entry        BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, at, entry)
) STRICT, WITHOUT ROWID;

-- Entries that are committed and wait for their place in the tree (several writers only).
CREATE TABLE journal_pending (
  bucket INTEGER NOT NULL,
  entry  BLOB    NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (bucket, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal_leaf (
  seq          INTEGER NOT NULL PRIMARY KEY,
  entry_bucket INTEGER NOT NULL,
  entry        BLOB    NOT NULL,
  at           INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX journal_leaf_entry ON journal_leaf (entry);

-- The hashes of the tree, by tlog's storage index.
CREATE TABLE journal_hash (
  idx  INTEGER NOT NULL PRIMARY KEY,
  hash BLOB    NOT NULL
) STRICT;

CREATE TABLE journal_checkpoint (
  size INTEGER NOT NULL PRIMARY KEY,
  at   INTEGER NOT NULL,
  note TEXT    NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER journal_entry_update BEFORE UPDATE ON journal_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_entry_delete BEFORE DELETE ON journal_entry BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_person_update BEFORE UPDATE ON journal_person BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_person_delete BEFORE DELETE ON journal_person BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_leaf_update BEFORE UPDATE ON journal_leaf BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_leaf_delete BEFORE DELETE ON journal_leaf BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_hash_update BEFORE UPDATE ON journal_hash BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_hash_delete BEFORE DELETE ON journal_hash BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_checkpoint_update BEFORE UPDATE ON journal_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER journal_checkpoint_delete BEFORE DELETE ON journal_checkpoint BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
