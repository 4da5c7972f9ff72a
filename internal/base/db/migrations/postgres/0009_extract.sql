-- +goose Up
-- The human being behind an account: who has two accounts is one in every two-person rule. '' is the account itself.
ALTER TABLE staff ADD COLUMN holder TEXT NOT NULL DEFAULT '';

-- Each human being has one part in a request: the key refuses a second one, whatever accounts he has.
CREATE TABLE approval_part (
  approval TEXT NOT NULL REFERENCES approval (id),
  holder   TEXT NOT NULL,
  part     TEXT NOT NULL CHECK (part IN ('asker', 'recipient', 'voter')),
  PRIMARY KEY (approval, holder)
);

-- Devices that have been cut off or let in again; one that is not listed is in.
CREATE TABLE device (
  id    TEXT    NOT NULL PRIMARY KEY,
  state TEXT    NOT NULL CHECK (state IN ('in', 'out')),
  at    BIGINT NOT NULL,
  staff TEXT    NOT NULL,
  entry BYTEA    NOT NULL
);

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
  fields     BIGINT NOT NULL,
  people     BYTEA    NOT NULL, -- whose, as runs of the core's integers
  persons    BIGINT NOT NULL,
  days       BIGINT NOT NULL CHECK (days > 0),
  emergency  BIGINT NOT NULL CHECK (emergency IN (0, 1)),
  secret     BYTEA    NOT NULL, -- sealed: what its marks are made from
  created_at BIGINT NOT NULL
);
CREATE INDEX extract_asker ON extract (asker, created_at);

-- How far each has come.
CREATE TABLE extract_state (
  extract     TEXT    NOT NULL PRIMARY KEY REFERENCES extract (id),
  office      TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('asked', 'live', 'rejected', 'withdrawn', 'expired', 'revoked', 'attested')),
  handed      BIGINT NOT NULL CHECK (handed IN (0, 1)), -- something left the core: its end must be attested
  expires_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);
CREATE INDEX extract_state_state ON extract_state (state, expires_at);

-- What happened to it.
CREATE TABLE extract_event (
  extract TEXT    NOT NULL REFERENCES extract (id),
  seq     BIGINT NOT NULL CHECK (seq > 0),
  at      BIGINT NOT NULL,
  kind    TEXT    NOT NULL,
  staff   TEXT    NOT NULL,
  device  TEXT    NOT NULL,
  entry   BYTEA    NOT NULL,
  PRIMARY KEY (extract, seq)
);

-- The core's half of the key of its sealed files, and the pass phrase of the others. Removed at its end.
CREATE TABLE extract_key (
  extract TEXT NOT NULL REFERENCES extract (id),
  kind    TEXT NOT NULL CHECK (kind IN ('share', 'pass')),
  sealed  BYTEA NOT NULL,
  PRIMARY KEY (extract, kind)
);

-- One-time codes by which the agent proves that its user confirmed an opening in the console.
CREATE TABLE extract_code (
  hash       BYTEA    NOT NULL PRIMARY KEY,
  extract    TEXT    NOT NULL REFERENCES extract (id),
  seal       TEXT    NOT NULL,
  staff      TEXT    NOT NULL,
  device     TEXT    NOT NULL,
  challenge  TEXT    NOT NULL,
  session    BYTEA    NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);

-- How far the work on a row of a worklist has come.
CREATE TABLE extract_row (
  extract TEXT    NOT NULL REFERENCES extract (id),
  row_no  BIGINT NOT NULL,
  done    BIGINT NOT NULL CHECK (done IN (0, 1)),
  note    BYTEA    NOT NULL, -- sealed, or empty
  staff   TEXT    NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (extract, row_no)
);

-- Selections that an office uses again.
CREATE TABLE selection (
  id         TEXT    NOT NULL PRIMARY KEY,
  office     TEXT    NOT NULL,
  staff      TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  sealed     BYTEA    NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TRIGGER approval_part_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_part EXECUTE FUNCTION append_only();
CREATE TRIGGER extract_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON extract EXECUTE FUNCTION append_only();
CREATE TRIGGER extract_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON extract_event EXECUTE FUNCTION append_only();
