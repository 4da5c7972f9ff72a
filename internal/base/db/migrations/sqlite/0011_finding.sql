-- +goose Up
-- What agents count on the computers that they watch: never a name, a number or a path.

-- Every report as it was received. Its figures are the whole state of what the agent watches.
CREATE TABLE finding (
  device   TEXT    NOT NULL,
  seq      INTEGER NOT NULL CHECK (seq > 0),
  scan     TEXT    NOT NULL, -- the agent's own key: the same report again is answered the same
  office   TEXT    NOT NULL, -- where the device stood then, or ''
  at       INTEGER NOT NULL, -- received, by the core's clock
  day      INTEGER NOT NULL, -- the same as a day in Japan, yyyymmdd
  begun    INTEGER NOT NULL, -- by the device's clock
  ended    INTEGER NOT NULL,
  kind     TEXT    NOT NULL CHECK (kind IN ('full', 'changes')),
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  files    INTEGER NOT NULL CHECK (files >= 0),
  bytes    INTEGER NOT NULL CHECK (bytes >= 0),
  unread   INTEGER NOT NULL CHECK (unread >= 0),
  persons  INTEGER NOT NULL CHECK (persons >= 0),
  bare     INTEGER NOT NULL CHECK (bare >= 0), -- cases open or weakly locked
  agent    TEXT    NOT NULL,
  digest   BLOB    NOT NULL, -- of all that was reported
  entry    BLOB    NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX finding_scan ON finding (device, scan);
CREATE INDEX finding_day ON finding (device, day, seq);

-- Cases by field set and state.
CREATE TABLE finding_set (
  device  TEXT    NOT NULL,
  seq     INTEGER NOT NULL,
  fields  INTEGER NOT NULL CHECK (fields > 0),
  open    INTEGER NOT NULL CHECK (open >= 0),
  weak    INTEGER NOT NULL CHECK (weak >= 0),
  locked  INTEGER NOT NULL CHECK (locked >= 0),
  persons INTEGER NOT NULL CHECK (persons >= 0),
  PRIMARY KEY (device, seq, fields),
  FOREIGN KEY (device, seq) REFERENCES finding (device, seq)
) STRICT, WITHOUT ROWID;

-- Copies of extracts that were met.
CREATE TABLE finding_copy (
  device  TEXT    NOT NULL,
  seq     INTEGER NOT NULL,
  extract TEXT    NOT NULL,
  cases   INTEGER NOT NULL CHECK (cases >= 0),
  PRIMARY KEY (device, seq, extract),
  FOREIGN KEY (device, seq) REFERENCES finding (device, seq)
) STRICT, WITHOUT ROWID;

-- In which office a device stands, since when; '' is that it is watched no more.
CREATE TABLE finding_place (
  device TEXT    NOT NULL,
  seq    INTEGER NOT NULL CHECK (seq > 0),
  office TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  day    INTEGER NOT NULL,
  staff  TEXT    NOT NULL,
  entry  BLOB    NOT NULL,
  PRIMARY KEY (device, seq)
) STRICT, WITHOUT ROWID;

-- How far each device has come.
CREATE TABLE finding_device (
  device  TEXT    NOT NULL PRIMARY KEY,
  office  TEXT    NOT NULL,
  placed  INTEGER NOT NULL, -- how often it was placed
  since   INTEGER NOT NULL, -- when it was last placed, 0 for never
  seq     INTEGER NOT NULL, -- of its latest report, 0 for none
  bare_at INTEGER NOT NULL, -- since when it reports unprotected cases, 0 if it does not
  full_at INTEGER NOT NULL  -- of its latest full and complete report, 0 for none
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_device_office ON finding_device (office, device);

-- What a security officer asks of an office, what it answers, and the report that proves it.
CREATE TABLE finding_ask (
  id     TEXT    NOT NULL PRIMARY KEY,
  office TEXT    NOT NULL,
  at     INTEGER NOT NULL,
  staff  TEXT    NOT NULL,
  due    INTEGER NOT NULL, -- a day, yyyymmdd
  words  BLOB    NOT NULL, -- sealed
  bare   INTEGER NOT NULL, -- the figure then
  entry  BLOB    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_ask_office ON finding_ask (office, at);

CREATE TABLE finding_answer (
  ask   TEXT    NOT NULL PRIMARY KEY REFERENCES finding_ask (id),
  at    INTEGER NOT NULL,
  staff TEXT    NOT NULL,
  entry BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_proof (
  ask    TEXT    NOT NULL PRIMARY KEY REFERENCES finding_ask (id),
  at     INTEGER NOT NULL,
  device TEXT    NOT NULL,
  entry  BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

-- Files that an agent asks to delete: counts and a digest, never a name. The decision is that of the approval.
CREATE TABLE finding_deletion (
  approval TEXT    NOT NULL PRIMARY KEY REFERENCES approval (id),
  device   TEXT    NOT NULL,
  digest   TEXT    NOT NULL, -- of the sorted digests of the files
  at       INTEGER NOT NULL,
  entry    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_deletion_device ON finding_deletion (device, at);

-- +goose StatementBegin
CREATE TRIGGER finding_update BEFORE UPDATE ON finding BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_delete BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_set_update BEFORE UPDATE ON finding_set BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_set_delete BEFORE DELETE ON finding_set BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_copy_update BEFORE UPDATE ON finding_copy BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_copy_delete BEFORE DELETE ON finding_copy BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_place_update BEFORE UPDATE ON finding_place BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_place_delete BEFORE DELETE ON finding_place BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_ask_update BEFORE UPDATE ON finding_ask BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_ask_delete BEFORE DELETE ON finding_ask BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_answer_update BEFORE UPDATE ON finding_answer BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_answer_delete BEFORE DELETE ON finding_answer BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_proof_update BEFORE UPDATE ON finding_proof BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_proof_delete BEFORE DELETE ON finding_proof BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_deletion_update BEFORE UPDATE ON finding_deletion BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER finding_deletion_delete BEFORE DELETE ON finding_deletion BEGIN SELECT RAISE(ABORT, 'append-only'); END;
-- +goose StatementEnd
