-- +goose Up
-- What agents count on the computers that they watch: never a name, a number or a path.

-- Every report as it was received. Its figures are the whole state of what the agent watches.
CREATE TABLE finding (
  device   TEXT    NOT NULL,
  seq      BIGINT NOT NULL CHECK (seq > 0),
  scan     TEXT    NOT NULL, -- the agent's own key: the same report again is answered the same
  office   TEXT    NOT NULL, -- where the device stood then, or ''
  at       BIGINT NOT NULL, -- received, by the core's clock
  day      BIGINT NOT NULL, -- the same as a day in Japan, yyyymmdd
  begun    BIGINT NOT NULL, -- by the device's clock
  ended    BIGINT NOT NULL,
  kind     TEXT    NOT NULL CHECK (kind IN ('full', 'changes')),
  complete BIGINT NOT NULL CHECK (complete IN (0, 1)),
  files    BIGINT NOT NULL CHECK (files >= 0),
  bytes    BIGINT NOT NULL CHECK (bytes >= 0),
  unread   BIGINT NOT NULL CHECK (unread >= 0),
  persons  BIGINT NOT NULL CHECK (persons >= 0),
  bare     BIGINT NOT NULL CHECK (bare >= 0), -- cases open or weakly locked
  agent    TEXT    NOT NULL,
  digest   BYTEA    NOT NULL, -- of all that was reported
  entry    BYTEA    NOT NULL,
  PRIMARY KEY (device, seq)
);
CREATE UNIQUE INDEX finding_scan ON finding (device, scan);
CREATE INDEX finding_day ON finding (device, day, seq);

-- Cases by field set and state.
CREATE TABLE finding_set (
  device  TEXT    NOT NULL,
  seq     BIGINT NOT NULL,
  fields  BIGINT NOT NULL CHECK (fields > 0),
  open    BIGINT NOT NULL CHECK (open >= 0),
  weak    BIGINT NOT NULL CHECK (weak >= 0),
  locked  BIGINT NOT NULL CHECK (locked >= 0),
  persons BIGINT NOT NULL CHECK (persons >= 0),
  PRIMARY KEY (device, seq, fields),
  FOREIGN KEY (device, seq) REFERENCES finding (device, seq)
);

-- Copies of extracts that were met.
CREATE TABLE finding_copy (
  device  TEXT    NOT NULL,
  seq     BIGINT NOT NULL,
  extract TEXT    NOT NULL,
  cases   BIGINT NOT NULL CHECK (cases >= 0),
  PRIMARY KEY (device, seq, extract),
  FOREIGN KEY (device, seq) REFERENCES finding (device, seq)
);

-- In which office a device stands, since when; '' is that it is watched no more.
CREATE TABLE finding_place (
  device TEXT    NOT NULL,
  seq    BIGINT NOT NULL CHECK (seq > 0),
  office TEXT    NOT NULL,
  at     BIGINT NOT NULL,
  day    BIGINT NOT NULL,
  staff  TEXT    NOT NULL,
  entry  BYTEA    NOT NULL,
  PRIMARY KEY (device, seq)
);

-- How far each device has come.
CREATE TABLE finding_device (
  device  TEXT    NOT NULL PRIMARY KEY,
  office  TEXT    NOT NULL,
  placed  BIGINT NOT NULL, -- how often it was placed
  since   BIGINT NOT NULL, -- when it was last placed, 0 for never
  seq     BIGINT NOT NULL, -- of its latest report, 0 for none
  bare_at BIGINT NOT NULL, -- since when it reports unprotected cases, 0 if it does not
  full_at BIGINT NOT NULL  -- of its latest full and complete report, 0 for none
);
CREATE INDEX finding_device_office ON finding_device (office, device);

-- What a security officer asks of an office, what it answers, and the report that proves it.
CREATE TABLE finding_ask (
  id     TEXT    NOT NULL PRIMARY KEY,
  office TEXT    NOT NULL,
  at     BIGINT NOT NULL,
  staff  TEXT    NOT NULL,
  due    BIGINT NOT NULL, -- a day, yyyymmdd
  words  BYTEA    NOT NULL, -- sealed
  bare   BIGINT NOT NULL, -- the figure then
  entry  BYTEA    NOT NULL
);
CREATE INDEX finding_ask_office ON finding_ask (office, at);

CREATE TABLE finding_answer (
  ask   TEXT    NOT NULL PRIMARY KEY REFERENCES finding_ask (id),
  at    BIGINT NOT NULL,
  staff TEXT    NOT NULL,
  entry BYTEA    NOT NULL
);

CREATE TABLE finding_proof (
  ask    TEXT    NOT NULL PRIMARY KEY REFERENCES finding_ask (id),
  at     BIGINT NOT NULL,
  device TEXT    NOT NULL,
  entry  BYTEA    NOT NULL
);

-- Files that an agent asks to delete: counts and a digest, never a name. The decision is that of the approval.
CREATE TABLE finding_deletion (
  approval TEXT    NOT NULL PRIMARY KEY REFERENCES approval (id),
  device   TEXT    NOT NULL,
  digest   TEXT    NOT NULL, -- of the sorted digests of the files
  at       BIGINT NOT NULL,
  entry    BYTEA NOT NULL
);
CREATE INDEX finding_deletion_device ON finding_deletion (device, at);

CREATE TRIGGER finding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_set_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_set EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_copy_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_copy EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_place_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_place EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_ask_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_ask EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_answer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_answer EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_proof_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_proof EXECUTE FUNCTION append_only();
CREATE TRIGGER finding_deletion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding_deletion EXECUTE FUNCTION append_only();
