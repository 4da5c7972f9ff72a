-- +goose Up
-- The human being behind an account: who has two accounts is one in every two-person rule. '' is the account itself.
ALTER TABLE staff ADD COLUMN holder TEXT NOT NULL DEFAULT '';

-- Each human being has one part in a request: the key refuses a second one, whatever accounts he has.
CREATE TABLE approval_part (
  approval TEXT NOT NULL REFERENCES approval (id),
  holder   TEXT NOT NULL,
  part     TEXT NOT NULL CHECK (part IN ('asker', 'recipient', 'voter')),
  PRIMARY KEY (approval, holder)
) STRICT, WITHOUT ROWID;

-- Devices that have been cut off or let in again; one that is not listed is in.
CREATE TABLE device (
  id    TEXT    NOT NULL PRIMARY KEY,
  state TEXT    NOT NULL CHECK (state IN ('in', 'out')),
  at    INTEGER NOT NULL,
  staff TEXT    NOT NULL,
  entry BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX person_office_office ON person_office (office, bucket, person);

-- Extracts: what was asked for. Nothing here changes after the asking.
CREATE TABLE extract (
  id         TEXT    NOT NULL PRIMARY KEY,
  approval   TEXT    NOT NULL REFERENCES approval (id),
  asker      TEXT    NOT NULL,
  office     TEXT    NOT NULL,
  recipient  TEXT    NOT NULL, -- the member of staff it is for
  device     TEXT    NOT NULL, -- on which alone a sealed file opens, or ''
  contractor TEXT    NOT NULL, -- public key of a contractor, or ''
  purpose    TEXT    NOT NULL,
  case_id    TEXT    NOT NULL,
  form       TEXT    NOT NULL CHECK (form IN ('worklist', 'sealed', 'xlsx', 'zip', 'age', 'statistics')),
  fields     INTEGER NOT NULL,
  people     BLOB    NOT NULL, -- whose, as runs of the core's integers
  persons    INTEGER NOT NULL,
  days       INTEGER NOT NULL CHECK (days > 0),
  emergency  INTEGER NOT NULL CHECK (emergency IN (0, 1)),
  secret     BLOB    NOT NULL, -- sealed: what its marks are made from
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX extract_asker ON extract (asker, created_at);

-- How far each has come.
CREATE TABLE extract_state (
  extract     TEXT    NOT NULL PRIMARY KEY REFERENCES extract (id),
  office      TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('asked', 'live', 'rejected', 'withdrawn', 'expired', 'revoked', 'attested')),
  handed      INTEGER NOT NULL CHECK (handed IN (0, 1)), -- something left the core: its end must be attested
  expires_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX extract_state_state ON extract_state (state, expires_at);

-- What happened to it.
CREATE TABLE extract_event (
  extract TEXT    NOT NULL REFERENCES extract (id),
  seq     INTEGER NOT NULL CHECK (seq > 0),
  at      INTEGER NOT NULL,
  kind    TEXT    NOT NULL,
  staff   TEXT    NOT NULL,
  device  TEXT    NOT NULL,
  entry   BLOB    NOT NULL,
  PRIMARY KEY (extract, seq)
) STRICT, WITHOUT ROWID;

-- The core's half of the key of its sealed files, and the pass phrase of the others. Removed at its end.
CREATE TABLE extract_key (
  extract TEXT NOT NULL REFERENCES extract (id),
  kind    TEXT NOT NULL CHECK (kind IN ('share', 'pass')),
  sealed  BLOB NOT NULL,
  PRIMARY KEY (extract, kind)
) STRICT, WITHOUT ROWID;

-- One-time codes by which the agent proves that its user confirmed an opening in the console.
CREATE TABLE extract_code (
  hash       BLOB    NOT NULL PRIMARY KEY,
  extract    TEXT    NOT NULL REFERENCES extract (id),
  seal       TEXT    NOT NULL,
  staff      TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  challenge  TEXT    NOT NULL,
  session    BLOB    NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- How far the work on a row of a worklist has come.
CREATE TABLE extract_row (
  extract TEXT    NOT NULL REFERENCES extract (id),
  row_no  INTEGER NOT NULL,
  done    INTEGER NOT NULL CHECK (done IN (0, 1)),
  note    BLOB    NOT NULL, -- sealed, or empty
  staff   TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (extract, row_no)
) STRICT, WITHOUT ROWID;

-- Selections that an office uses again.
CREATE TABLE selection (
  id         TEXT    NOT NULL PRIMARY KEY,
  office     TEXT    NOT NULL,
  staff      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  sealed     BLOB    NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER approval_part_update BEFORE UPDATE ON approval_part BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_part_delete BEFORE DELETE ON approval_part BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER extract_update BEFORE UPDATE ON extract BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER extract_delete BEFORE DELETE ON extract BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER extract_event_update BEFORE UPDATE ON extract_event BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER extract_event_delete BEFORE DELETE ON extract_event BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
