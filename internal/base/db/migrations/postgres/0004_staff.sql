-- +goose Up
-- Staff, how they sign in, and their sessions.
CREATE TABLE office (
  id   TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE staff (
  id         TEXT    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  office     TEXT    NOT NULL REFERENCES office (id),
  active     BIGINT NOT NULL CHECK (active IN (0, 1)),
  created_at BIGINT NOT NULL
);

CREATE TABLE staff_role (
  staff TEXT NOT NULL REFERENCES staff (id),
  role  TEXT NOT NULL CHECK (role IN ('clerk', 'approver', 'security', 'operator', 'auditor', 'admin')),
  PRIMARY KEY (staff, role)
);

-- A passkey: the public key and what WebAuthn keeps beside it.
CREATE TABLE passkey (
  id         BYTEA    NOT NULL PRIMARY KEY,
  staff      TEXT    NOT NULL REFERENCES staff (id),
  label      TEXT    NOT NULL,
  credential TEXT    NOT NULL, -- JSON
  created_at BIGINT NOT NULL,
  used_at    BIGINT
);
CREATE INDEX passkey_staff ON passkey (staff);

-- A WebAuthn ceremony that has begun.
CREATE TABLE ceremony (
  id         BYTEA    NOT NULL PRIMARY KEY, -- hash of the cookie
  staff      TEXT,
  data       TEXT    NOT NULL,
  expires_at BIGINT NOT NULL
);

-- A link that signs one person in once.
CREATE TABLE signin_link (
  hash       BYTEA    NOT NULL PRIMARY KEY,
  staff      TEXT    NOT NULL REFERENCES staff (id),
  expires_at BIGINT NOT NULL,
  used_at    BIGINT
);

CREATE TABLE session (
  hash       BYTEA    NOT NULL PRIMARY KEY, -- hash of the cookie
  staff      TEXT    NOT NULL REFERENCES staff (id),
  device     TEXT    NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX session_staff ON session (staff);
