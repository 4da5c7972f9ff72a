-- +goose Up
-- People. Everything about a person leads with the bucket and the person's integer; personal values are
-- sealed under the person's own key, which is wrapped in person.key (the only thing here that ever changes,
-- when keys are rotated).
CREATE TABLE person (
  bucket INTEGER NOT NULL,
  id     INTEGER NOT NULL,
  key    BLOB    NOT NULL,
  epoch  INTEGER NOT NULL, -- which wrapping key
  PRIMARY KEY (bucket, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_fact (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('name', 'birth', 'sex', 'address', 'phone', 'bank', 'death')),
  seq         INTEGER NOT NULL CHECK (seq > 0),
  valid_from  INTEGER NOT NULL, -- yyyymmdd
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL, -- the journal entry that says who and why
  evidence    TEXT    NOT NULL,
  withdraws   INTEGER,          -- this row withdraws the fact of that seq and says nothing itself
  sealed      BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, kind, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_office (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  seq         INTEGER NOT NULL CHECK (seq > 0),
  office      TEXT    NOT NULL,
  valid_from  INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_number (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  seq         INTEGER NOT NULL CHECK (seq > 0),
  kind        TEXT    NOT NULL CHECK (kind IN ('pension', 'handbook', 'provisional')),
  sealed      BLOB    NOT NULL,
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, seq)
) STRICT, WITHOUT ROWID;

-- What a number has become since it was recorded as current; the highest version counts.
CREATE TABLE person_number_state (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  version     INTEGER NOT NULL CHECK (version > 0),
  state       TEXT    NOT NULL CHECK (state IN ('current', 'retired', 'merged')),
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, seq, version)
) STRICT, WITHOUT ROWID;

-- Merged into another person, or on his own again (into_person NULL); the highest version counts.
CREATE TABLE person_merge (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  version     INTEGER NOT NULL CHECK (version > 0),
  into_person INTEGER,
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, version),
  CHECK (into_person IS NULL OR into_person <> person)
) STRICT, WITHOUT ROWID;

-- The other side: who has been merged into a person, so that his page can follow without a search.
CREATE TABLE person_absorbed (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  absorbed    INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  active      INTEGER NOT NULL CHECK (active IN (0, 1)),
  recorded_at INTEGER NOT NULL,
  PRIMARY KEY (bucket, person, absorbed, version)
) STRICT, WITHOUT ROWID;

-- A change that waits for a second look.
CREATE TABLE person_proposal (
  bucket      INTEGER NOT NULL,
  person      INTEGER NOT NULL,
  id          TEXT    NOT NULL, -- the approval that it waits for
  kind        TEXT    NOT NULL,
  valid_from  INTEGER NOT NULL,
  evidence    TEXT    NOT NULL,
  recorded_at INTEGER NOT NULL,
  entry       BLOB    NOT NULL,
  sealed      BLOB    NOT NULL,
  PRIMARY KEY (bucket, person, id)
) STRICT, WITHOUT ROWID;

-- Blind indexes. These lie in the bucket of the token, not of the person.
CREATE TABLE number_token (
  bucket INTEGER NOT NULL,
  token  BLOB    NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (bucket, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE search_token (
  bucket INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  token  BLOB    NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (bucket, kind, token, person)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER person_fact_update BEFORE UPDATE ON person_fact BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_fact_delete BEFORE DELETE ON person_fact BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_office_update BEFORE UPDATE ON person_office BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_office_delete BEFORE DELETE ON person_office BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_number_update BEFORE UPDATE ON person_number BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_number_delete BEFORE DELETE ON person_number BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_number_state_update BEFORE UPDATE ON person_number_state BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_number_state_delete BEFORE DELETE ON person_number_state BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_merge_update BEFORE UPDATE ON person_merge BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_merge_delete BEFORE DELETE ON person_merge BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_absorbed_update BEFORE UPDATE ON person_absorbed BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_absorbed_delete BEFORE DELETE ON person_absorbed BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_proposal_update BEFORE UPDATE ON person_proposal BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_proposal_delete BEFORE DELETE ON person_proposal BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER person_delete BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
