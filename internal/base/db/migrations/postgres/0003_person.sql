-- +goose Up
-- People. Everything about a person leads with the bucket and the person's integer; personal values are
-- sealed under the person's own key, which is wrapped in person.key (the only thing here that ever changes,
-- when keys are rotated).
CREATE TABLE person (
  bucket BIGINT NOT NULL,
  id     BIGINT NOT NULL,
  key    BYTEA    NOT NULL,
  epoch  BIGINT NOT NULL, -- which wrapping key
  PRIMARY KEY (bucket, id)
);

CREATE TABLE person_fact (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  kind        TEXT    NOT NULL CHECK (kind IN ('name', 'birth', 'sex', 'address', 'phone', 'bank', 'death')),
  seq         BIGINT NOT NULL CHECK (seq > 0),
  valid_from  BIGINT NOT NULL, -- yyyymmdd
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL, -- the journal entry that says who and why
  evidence    TEXT    NOT NULL,
  withdraws   BIGINT,          -- this row withdraws the fact of that seq and says nothing itself
  sealed      BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, kind, seq)
);

CREATE TABLE person_office (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  seq         BIGINT NOT NULL CHECK (seq > 0),
  office      TEXT    NOT NULL,
  valid_from  BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, seq)
);

CREATE TABLE person_number (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  seq         BIGINT NOT NULL CHECK (seq > 0),
  kind        TEXT    NOT NULL CHECK (kind IN ('pension', 'handbook', 'provisional')),
  sealed      BYTEA    NOT NULL,
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, seq)
);

-- What a number has become since it was recorded as current; the highest version counts.
CREATE TABLE person_number_state (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  seq         BIGINT NOT NULL,
  version     BIGINT NOT NULL CHECK (version > 0),
  state       TEXT    NOT NULL CHECK (state IN ('current', 'retired', 'merged')),
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, seq, version)
);

-- Merged into another person, or on his own again (into_person NULL); the highest version counts.
CREATE TABLE person_merge (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  version     BIGINT NOT NULL CHECK (version > 0),
  into_person BIGINT,
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, version),
  CHECK (into_person IS NULL OR into_person <> person)
);

-- The other side: who has been merged into a person, so that his page can follow without a search.
CREATE TABLE person_absorbed (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  absorbed    BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  active      BIGINT NOT NULL CHECK (active IN (0, 1)),
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (bucket, person, absorbed, version)
);

-- A change that waits for a second look.
CREATE TABLE person_proposal (
  bucket      BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  id          TEXT    NOT NULL, -- the approval that it waits for
  kind        TEXT    NOT NULL,
  valid_from  BIGINT NOT NULL,
  evidence    TEXT    NOT NULL,
  recorded_at BIGINT NOT NULL,
  entry       BYTEA    NOT NULL,
  sealed      BYTEA    NOT NULL,
  PRIMARY KEY (bucket, person, id)
);

-- Blind indexes. These lie in the bucket of the token, not of the person.
CREATE TABLE number_token (
  bucket BIGINT NOT NULL,
  token  BYTEA    NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (bucket, token)
);

CREATE TABLE search_token (
  bucket BIGINT NOT NULL,
  kind   BIGINT NOT NULL,
  token  BYTEA    NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (bucket, kind, token, person)
);

CREATE TRIGGER person_fact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_fact EXECUTE FUNCTION append_only();
CREATE TRIGGER person_office_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_office EXECUTE FUNCTION append_only();
CREATE TRIGGER person_number_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_number EXECUTE FUNCTION append_only();
CREATE TRIGGER person_number_state_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_number_state EXECUTE FUNCTION append_only();
CREATE TRIGGER person_merge_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_merge EXECUTE FUNCTION append_only();
CREATE TRIGGER person_absorbed_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_absorbed EXECUTE FUNCTION append_only();
CREATE TRIGGER person_proposal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON person_proposal EXECUTE FUNCTION append_only();
CREATE TRIGGER person_append_only BEFORE DELETE OR TRUNCATE ON person EXECUTE FUNCTION append_only();
