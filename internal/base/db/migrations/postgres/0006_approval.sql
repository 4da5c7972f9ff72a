-- +goose Up
-- Two-person rules. Nothing here is changed or removed: the state of a request is read off its votes.
CREATE TABLE approval (
  id         TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL,
  asker      TEXT    NOT NULL,
  office     TEXT    NOT NULL,
  subject    TEXT    NOT NULL, -- canonical JSON of exactly what is asked, without personal data
  hash       BYTEA    NOT NULL, -- SHA-256 of kind and subject; what the approvers sign
  reason     BYTEA    NOT NULL, -- sealed
  needed     BIGINT NOT NULL CHECK (needed >= 1),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  UNIQUE (id, asker, hash)
);
CREATE INDEX approval_created ON approval (created_at);

CREATE TABLE approval_person (
  person   BIGINT NOT NULL,
  approval TEXT    NOT NULL REFERENCES approval (id),
  PRIMARY KEY (person, approval)
);

CREATE TABLE approval_vote (
  approval TEXT    NOT NULL,
  voter    TEXT    NOT NULL,
  asker    TEXT    NOT NULL,
  hash     BYTEA    NOT NULL,
  verdict  TEXT    NOT NULL CHECK (verdict IN ('approve', 'reject')),
  at       BIGINT NOT NULL,
  PRIMARY KEY (approval, voter),
  FOREIGN KEY (approval, asker, hash) REFERENCES approval (id, asker, hash),
  CHECK (voter <> asker)
);

CREATE TABLE approval_outcome (
  approval TEXT    NOT NULL PRIMARY KEY REFERENCES approval (id),
  outcome  TEXT    NOT NULL CHECK (outcome IN ('done', 'rejected', 'withdrawn')),
  at       BIGINT NOT NULL
);

CREATE TRIGGER approval_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval EXECUTE FUNCTION append_only();
CREATE TRIGGER approval_person_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_person EXECUTE FUNCTION append_only();
CREATE TRIGGER approval_vote_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_vote EXECUTE FUNCTION append_only();
CREATE TRIGGER approval_outcome_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_outcome EXECUTE FUNCTION append_only();
