-- +goose Up
-- The journal. An entry lies in the bucket of the person it is about, or in the home bucket; it commits in
-- the transaction that it accounts for. journal_leaf gives the entries one order, the Merkle tree's.
CREATE TABLE journal_entry (
  bucket     BIGINT NOT NULL,
  id         BYTEA    NOT NULL,
  at         BIGINT NOT NULL, -- milliseconds since 1970, UTC
  staff      TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  purpose    TEXT    NOT NULL,
  case_id    TEXT    NOT NULL,
  action     TEXT    NOT NULL,
  people     BYTEA    NOT NULL, -- whose, as runs of the core's integers
  persons    BIGINT NOT NULL, -- how many
  fields     BIGINT NOT NULL, -- which fields, as bits
  outcome    TEXT    NOT NULL,
  detail     TEXT    NOT NULL, -- JSON, never personal data
  reason     BYTEA    NOT NULL, -- sealed: people write names into reasons
  salt       BYTEA    NOT NULL,
  commitment BYTEA    NOT NULL,
  PRIMARY KEY (bucket, id)
);
CREATE INDEX journal_entry_staff ON journal_entry (staff, at);

-- Whose page an entry belongs on: who looked.
CREATE TABLE journal_person (
  bucket       BIGINT NOT NULL,
  person       BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  entry_bucket BIGINT NOT NULL,
  entry        BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, at, entry)
);

-- Entries that are committed and wait for their place in the tree (several writers only).
CREATE TABLE journal_pending (
  bucket BIGINT NOT NULL,
  entry  BYTEA    NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (bucket, entry)
);

CREATE TABLE journal_leaf (
  seq          BIGINT NOT NULL PRIMARY KEY,
  entry_bucket BIGINT NOT NULL,
  entry        BYTEA    NOT NULL,
  at           BIGINT NOT NULL
);
CREATE UNIQUE INDEX journal_leaf_entry ON journal_leaf (entry);

-- The hashes of the tree, by tlog's storage index.
CREATE TABLE journal_hash (
  idx  BIGINT NOT NULL PRIMARY KEY,
  hash BYTEA    NOT NULL
);

CREATE TABLE journal_checkpoint (
  size BIGINT NOT NULL PRIMARY KEY,
  at   BIGINT NOT NULL,
  note TEXT    NOT NULL
);

CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_person_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_person EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_leaf EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_hash_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_hash EXECUTE FUNCTION append_only();
CREATE TRIGGER journal_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_checkpoint EXECUTE FUNCTION append_only();
