-- +goose Up
-- Two-person rules. Nothing here is changed or removed: the state of a request is read off its votes.
CREATE TABLE approval (
  id         TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,
  asker      TEXT    NOT NULL,
  office     TEXT    NOT NULL,
  subject    TEXT    NOT NULL, -- canonical JSON of exactly what is asked, without personal data
  hash       BLOB    NOT NULL, -- SHA-256 of kind and subject; what the approvers sign
  reason     BLOB    NOT NULL, -- sealed
  needed     INTEGER NOT NULL CHECK (needed >= 1),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (id, asker, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX approval_created ON approval (created_at);

CREATE TABLE approval_person (
  person   INTEGER NOT NULL,
  approval TEXT    NOT NULL REFERENCES approval (id),
  PRIMARY KEY (person, approval)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval_vote (
  approval TEXT    NOT NULL,
  voter    TEXT    NOT NULL,
  asker    TEXT    NOT NULL,
  hash     BLOB    NOT NULL,
  verdict  TEXT    NOT NULL CHECK (verdict IN ('approve', 'reject')),
  at       INTEGER NOT NULL,
  PRIMARY KEY (approval, voter),
  FOREIGN KEY (approval, asker, hash) REFERENCES approval (id, asker, hash),
  CHECK (voter <> asker)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval_outcome (
  approval TEXT    NOT NULL PRIMARY KEY REFERENCES approval (id),
  outcome  TEXT    NOT NULL CHECK (outcome IN ('done', 'rejected', 'withdrawn')),
  at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER approval_update BEFORE UPDATE ON approval BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_delete BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_person_update BEFORE UPDATE ON approval_person BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_person_delete BEFORE DELETE ON approval_person BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_vote_update BEFORE UPDATE ON approval_vote BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_vote_delete BEFORE DELETE ON approval_vote BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_outcome_update BEFORE UPDATE ON approval_outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER approval_outcome_delete BEFORE DELETE ON approval_outcome BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
