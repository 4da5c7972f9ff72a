package document

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"
)

// databaseOf is a file that SQLite itself wrote.
func databaseOf(t testing.TB, statements ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readDatabase(b []byte) (string, error) {
	var got said
	err := Read(source(string(b)), SQLite, &got)
	return got.String(), err
}

const manyRows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d) INSERT INTO %s SELECT %s FROM n"

func TestSQLite(t *testing.T) {
	for name, c := range map[string]struct {
		statements []string
		want       string
	}{
		"values": {[]string{"CREATE TABLE 名簿 (id INTEGER PRIMARY KEY, 氏名 TEXT, x REAL, y, z)",
			"INSERT INTO 名簿 VALUES (7, '佐藤 一郎', 1.5, 0, 1), (8, NULL, -3, -129, 1234567890123)", "INSERT INTO 名簿 VALUES (9, 'a''b', 8388607, -2147483649, x'e697a5')"},
			"id|氏名|x|y|z\n7|佐藤 一郎|1.5|0|1\n8||-3|-129|1234567890123\n9|a'b|8388607|-2147483649|日\n"},
		"key apart":     {[]string{`CREATE TABLE "a b" ([c d] INTEGER, "e""f" /* x, ( */ TEXT DEFAULT 'g,h', CONSTRAINT k PRIMARY KEY ("c d"))`, `INSERT INTO "a b" VALUES (3, 'i')`}, "c d|e\"f\n3|i\n"},
		"without rowid": {[]string{"CREATE TABLE a (x TEXT, y INT, z TEXT, PRIMARY KEY (z, y)) WITHOUT ROWID", "INSERT INTO a VALUES ('1', 2, '3'), ('4', 5, '0')"}, "x|y|z\n4|5|0\n1|2|3\n"},
		"added column":  {[]string{"CREATE TABLE a (x)", "INSERT INTO a VALUES (1)", "ALTER TABLE a ADD COLUMN 都 TEXT DEFAULT '東京'", "INSERT INTO a VALUES (2, '大阪')"}, "x|都\n1|東京\n2|大阪\n"},
		"generated": {[]string{"CREATE TABLE a (x INT, y INT GENERATED ALWAYS AS (x+1) VIRTUAL, z INT AS (x*2) STORED, w TEXT CHECK (w IN ('a','b')))", "INSERT INTO a (x, w) VALUES (5, 'a')"},
			"x|y|z|w\n5||10|a\n"},
		"utf-16":         {[]string{"PRAGMA encoding='UTF-16'", "CREATE TABLE a (氏名)", "INSERT INTO a VALUES ('山田 花子')"}, "氏名\n山田 花子\n"},
		"utf-16be":       {[]string{"PRAGMA encoding='UTF-16be'", "CREATE TABLE a (氏名)", "INSERT INTO a VALUES ('山田 花子')"}, "氏名\n山田 花子\n"},
		"cp932 in utf-8": {[]string{"CREATE TABLE a (x)", "INSERT INTO a VALUES (CAST(x'8e52936381408e718ee882cc' AS TEXT))"}, "x\n山田　子手の\n"},
		"views, indexes": {[]string{"CREATE TABLE a (x)", "CREATE INDEX i ON a(x)", "CREATE VIEW v AS SELECT x FROM a", "INSERT INTO a VALUES (1)", "ANALYZE"}, "x\n1\n"},
		"full text":      {[]string{"CREATE VIRTUAL TABLE f USING fts5(body, content='a', content_rowid='rowid')", "CREATE TABLE a (body)", "INSERT INTO a VALUES ('x')"}, "body\nx\n"},
		"page of 512":    {[]string{"PRAGMA page_size=512", "CREATE TABLE a (x)", "INSERT INTO a VALUES ('" + strings.Repeat("長", 4000) + "')"}, "x\n" + strings.Repeat("長", 4000) + "\n"},
		"page of 64 KiB": {[]string{"PRAGMA page_size=65536", "CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"}, "x\n1\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readDatabase(databaseOf(t, c.statements...))
			if name == "full text" { // its own tables, which hold no text here, come too
				got = got[strings.Index(got, "body\n"):]
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

// TestSQLiteTrees: every row of trees of several floors is read, once.
func TestSQLiteTrees(t *testing.T) {
	const n = 20_000
	b := databaseOf(t, "PRAGMA page_size=512", "CREATE TABLE a (x TEXT, y TEXT)", fmt.Sprintf(manyRows, n, "a", "'row ' || i, substr(hex(zeroblob(800)), 1, i % 1500)"),
		"CREATE TABLE b (x TEXT PRIMARY KEY, y TEXT) WITHOUT ROWID", fmt.Sprintf(manyRows, n, "b", "'key ' || i, substr(hex(zeroblob(800)), 1, i % 1500)"))
	got, err := readDatabase(b)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for line := range strings.Lines(got) {
		name, more, _ := strings.Cut(strings.TrimSpace(line), "|")
		var i int
		if _, err := fmt.Sscanf(name[min(4, len(name)):], "%d", &i); err == nil && len(more) != i%1500 {
			t.Fatalf("%s: %d characters", name, len(more))
		}
		seen[name]++
	}
	for i := 1; i <= n; i++ {
		if a, b := seen[fmt.Sprintf("row %d", i)], seen[fmt.Sprintf("key %d", i)]; a != 1 || b != 1 {
			t.Fatalf("row %d: %d and %d times", i, a, b)
		}
	}
}

// TestSQLiteDamaged: pages that refer to each other in a circle, and rows that claim to be long, cost no more than the file's size; what is
// whole is read.
func TestSQLiteDamaged(t *testing.T) {
	whole := databaseOf(t, "PRAGMA page_size=512", "CREATE TABLE a (x TEXT)", fmt.Sprintf(manyRows, 1000, "a", "'row ' || i"))
	for name, damage := range map[string]func(b []byte){
		"circle":      func(b []byte) { binary.BigEndian.PutUint32(b[512+8:], 2) },
		"lost branch": func(b []byte) { binary.BigEndian.PutUint32(b[512+8:], 4_000_000) },
		"no page":     func(b []byte) { b[5*512] = 0x77 },
	} {
		t.Run(name, func(t *testing.T) {
			b := bytes.Clone(whole)
			damage(b)
			got, err := readDatabase(b)
			if lines := strings.Count(got, "row "); err == nil || lines < 900 || lines > 1000 {
				t.Errorf("%d rows, %v", lines, err)
			}
		})
	}
	if _, err := readDatabase(whole[:50]); err == nil {
		t.Error("cut in its head")
	}
}

// TestSQLiteLimits: a long row is cut, and files in cells are told.
func TestSQLiteLimits(t *testing.T) {
	got, err := readDatabase(databaseOf(t, "CREATE TABLE a (x, y)", "INSERT INTO a VALUES ('before', zeroblob(20000000))", "INSERT INTO a VALUES ('after', x'504b0304')"))
	if !strings.Contains(got, "before") || !strings.Contains(got, "after") || err == nil || !strings.Contains(err.Error(), "were cut") || !strings.Contains(err.Error(), "1 files") {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

func FuzzSQLite(f *testing.F) {
	f.Add(databaseOf(f, "PRAGMA page_size=512", "CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT)", "INSERT INTO a VALUES (1, '"+strings.Repeat("x", 900)+"')"))
	f.Add(databaseOf(f, "PRAGMA page_size=512", "CREATE TABLE a (x, y, PRIMARY KEY (y)) WITHOUT ROWID", "INSERT INTO a VALUES (1, 'x')"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = readSQLite(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), nobody{})
	})
}
