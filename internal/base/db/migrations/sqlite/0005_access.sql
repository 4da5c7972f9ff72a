-- +goose Up
-- Whom a member of staff has been shown, to count against the budget. Old rows may be removed.
CREATE TABLE budget_use (
  staff   TEXT    NOT NULL,
  kind    TEXT    NOT NULL, -- 'open' a whole person, 'glimpse' a masked line of a result
  device  TEXT    NOT NULL,
  purpose TEXT    NOT NULL,
  person  INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (staff, kind, device, purpose, person)
) STRICT, WITHOUT ROWID;

-- One row a member of staff, locked while his budget is counted.
CREATE TABLE budget_head (
  staff TEXT    NOT NULL PRIMARY KEY,
  at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers to writes that carried an idempotency key.
CREATE TABLE idempotency (
  staff   TEXT    NOT NULL,
  key     BLOB    NOT NULL, -- hash of the key
  request BLOB    NOT NULL, -- hash of the request
  answer  TEXT    NOT NULL, -- JSON, never personal data
  at      INTEGER NOT NULL,
  PRIMARY KEY (staff, key)
) STRICT, WITHOUT ROWID;

-- What the security officer is told.
CREATE TABLE alarm (
  id      TEXT    NOT NULL PRIMARY KEY,
  at      INTEGER NOT NULL,
  kind    TEXT    NOT NULL,
  staff   TEXT    NOT NULL,
  detail  TEXT    NOT NULL, -- JSON, never personal data
  seen_at INTEGER,
  seen_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_at ON alarm (at);
