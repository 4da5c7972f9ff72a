-- +goose Up
-- Whom a member of staff has been shown in the last day: the same person again costs nothing. Old rows go.
CREATE TABLE budget_use (
  staff   TEXT    NOT NULL,
  kind    TEXT    NOT NULL, -- 'open' a whole person, 'glimpse' a masked line of a result
  device  TEXT    NOT NULL,
  purpose TEXT    NOT NULL,
  person  INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (staff, kind, device, purpose, person)
) STRICT, WITHOUT ROWID;

-- How many new people he was shown, by minute ('m') and by hour ('h').
CREATE TABLE budget_slot (
  staff   TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  grain   TEXT    NOT NULL CHECK (grain IN ('m', 'h')),
  slot    INTEGER NOT NULL, -- minutes or hours since 1970
  device  TEXT    NOT NULL,
  purpose TEXT    NOT NULL,
  used    INTEGER NOT NULL,
  PRIMARY KEY (staff, kind, grain, slot, device, purpose)
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
