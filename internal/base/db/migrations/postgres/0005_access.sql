-- +goose Up
-- Whom a member of staff has been shown in the last day: the same person again costs nothing. Old rows go.
CREATE TABLE budget_use (
  staff   TEXT    NOT NULL,
  kind    TEXT    NOT NULL, -- 'open' a whole person, 'glimpse' a masked line of a result
  device  TEXT    NOT NULL,
  purpose TEXT    NOT NULL,
  person  BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (staff, kind, device, purpose, person)
);

-- How many new people he was shown, by minute ('m') and by hour ('h').
CREATE TABLE budget_slot (
  staff   TEXT    NOT NULL,
  kind    TEXT    NOT NULL,
  grain   TEXT    NOT NULL CHECK (grain IN ('m', 'h')),
  slot    BIGINT NOT NULL, -- minutes or hours since 1970
  device  TEXT    NOT NULL,
  purpose TEXT    NOT NULL,
  used    BIGINT NOT NULL,
  PRIMARY KEY (staff, kind, grain, slot, device, purpose)
);

-- One row a member of staff, locked while his budget is counted.
CREATE TABLE budget_head (
  staff TEXT    NOT NULL PRIMARY KEY,
  at    BIGINT NOT NULL
);

-- Answers to writes that carried an idempotency key.
CREATE TABLE idempotency (
  staff   TEXT    NOT NULL,
  key     BYTEA    NOT NULL, -- hash of the key
  request BYTEA    NOT NULL, -- hash of the request
  answer  TEXT    NOT NULL, -- JSON, never personal data
  at      BIGINT NOT NULL,
  PRIMARY KEY (staff, key)
);

-- What the security officer is told.
CREATE TABLE alarm (
  id      TEXT    NOT NULL PRIMARY KEY,
  at      BIGINT NOT NULL,
  kind    TEXT    NOT NULL,
  staff   TEXT    NOT NULL,
  detail  TEXT    NOT NULL, -- JSON, never personal data
  seen_at BIGINT,
  seen_by TEXT
);
CREATE INDEX alarm_at ON alarm (at);
