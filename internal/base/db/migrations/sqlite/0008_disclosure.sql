-- +goose Up
-- The index of disclosures: who holds which fields of whom. It is a fold of the journal and says nothing that is
-- not there; `genbo verify` makes it anew and compares.
CREATE TABLE disclosure (
  day      INTEGER NOT NULL, -- yyyymmdd in Japan
  device   TEXT    NOT NULL,
  staff    TEXT    NOT NULL,
  office   TEXT    NOT NULL, -- of the member of staff at that time
  purpose  TEXT    NOT NULL,
  extract  TEXT    NOT NULL, -- the extract it came from, or ''
  action   TEXT    NOT NULL,
  fields   INTEGER NOT NULL,
  first_at INTEGER NOT NULL, -- milliseconds
  last_at  INTEGER NOT NULL,
  persons  INTEGER NOT NULL,
  cases    INTEGER NOT NULL,
  people   BLOB    NOT NULL, -- whose: a compressed set
  PRIMARY KEY (day, device, staff, office, purpose, extract, action, fields)
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosure_device ON disclosure (device, day);
CREATE INDEX disclosure_staff ON disclosure (staff, day);
CREATE INDEX disclosure_extract ON disclosure (extract, day);

-- How many leaves of the journal's tree the index has taken in.
CREATE TABLE disclosure_head (
  name TEXT    NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO disclosure_head (name, next) VALUES ('journal', 0);

-- Which office a member of staff belonged to from a leaf on.
CREATE TABLE disclosure_office (
  staff  TEXT    NOT NULL,
  seq    INTEGER NOT NULL,
  office TEXT    NOT NULL,
  PRIMARY KEY (staff, seq)
) STRICT, WITHOUT ROWID;

-- Entries about more people than are listed by person: the index must have taken them in before a person's page is shown.
CREATE INDEX journal_entry_large ON journal_entry (id) WHERE persons > 1000;
