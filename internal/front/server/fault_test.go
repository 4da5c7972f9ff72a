package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// personal is what must never be in an answer that was not accounted for.
var personal = []string{"試験", "シケン", "1100-00000", "霞が関", "1950-03", "03-0000-1234"}

// call makes a call of the API and returns status and body.
func call(t testing.TB, client *http.Client, origin, token, method, path string, body any) (int, string) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(method, origin+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, string(b)
	}
	return answer.StatusCode, string(b)
}

func session(t testing.TB, o *office, id genbo.StaffID) string {
	t.Helper()
	link, err := o.Directory.Link(context.Background(), journal.System("test"), id, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := o.Directory.SignInByLink(context.Background(), link, LoopbackDevice)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// TestNothingUnaccounted lets the database refuse to write: then nothing personal is shown, on no way.
func TestNothingUnaccounted(t *testing.T) {
	for name, fault := range map[string]struct{ do, undo string }{
		"full disk":        {"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"},
		"database refuses": {"CREATE TRIGGER refuse BEFORE INSERT ON journal_entry BEGIN SELECT RAISE(ABORT, 'refused'); END", "DROP TRIGGER refuse"},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			token := session(t, o, "clerk1")
			one := "/people/" + string(o.people[0]) + "?purpose=change"
			ways := []struct{ method, path string }{{"GET", "/api/v1" + one}, {"POST", "/api/v1/people/open"}, {"POST", "/api/v1/people/search"}, {"GET", one}}
			get := func(method, path string) (int, string) {
				body := map[string]string{"number": "1100-000000", "purpose": "change"}
				if strings.HasSuffix(path, "search") {
					body = map[string]string{"q": "1100-000000"}
				}
				if method == "GET" && !strings.HasPrefix(path, "/api") {
					return visit(t, o.server.Origin+path, token)
				}
				if method == "GET" {
					return call(t, http.DefaultClient, o.server.Origin, token, method, path, nil)
				}
				return call(t, http.DefaultClient, o.server.Origin, token, method, path, body)
			}
			for _, w := range ways {
				if status, text := get(w.method, w.path); status != 200 || !strings.Contains(text, "試") {
					t.Fatalf("%s %s before: %d %s", w.method, w.path, status, text)
				}
			}
			err := o.DB.Update(context.Background(), func(tx *db.Tx) error { _, err := tx.Home().Exec(fault.do); return err })
			if err != nil {
				t.Fatal(err)
			}
			for range 200 { // until the free pages are used up
				if status, _ := get(ways[0].method, ways[0].path); status != 200 {
					break
				}
			}
			for _, w := range ways {
				status, text := get(w.method, w.path)
				if status < 400 {
					t.Errorf("%s %s: status %d", w.method, w.path, status)
				}
				for _, p := range personal {
					if strings.Contains(text, p) {
						t.Errorf("%s %s shows %q without an entry in the journal", w.method, w.path, p)
					}
				}
			}
			if err := o.DB.Update(context.Background(), func(tx *db.Tx) error { _, err := tx.Home().Exec(fault.undo); return err }); err != nil {
				t.Error(err)
			}
		})
	}
}

// visit opens a page of the console.
func visit(t testing.TB, address, session string) (int, string) {
	t.Helper()
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "__Host-genbo", Value: session})
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

// served is what the process that is killed says of itself.
type served struct {
	Origin, Token string
	Numbers       []string
}

const servedDir = "GENBO_TEST_SERVED_DIR"

// TestMain serves a register instead of testing where it is told to: the process that TestKilled kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(servedDir); dir != "" {
		if err := serveToBeKilled(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func serveToBeKilled(dir string) error {
	ctx := context.Background()
	h, err := house.Open(ctx, house.Options{Dir: dir, Limits: access.Limits{OpenFiveMinutes: 1 << 20, OpenDay: 1 << 20, GlimpseFiveMinutes: 1 << 20, GlimpseDay: 1 << 20},
		Purposes: filepath.Join(dir, "purposes.json")})
	if err != nil {
		return err
	}
	s, err := Loopback(h, Options{Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	link, err := h.Directory.Link(ctx, journal.System("test"), "clerk1", time.Minute)
	if err != nil {
		return err
	}
	secret, err := h.Directory.SignInByLink(ctx, link, LoopbackDevice)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(served{Origin: s.Origin, Token: secret}); err != nil {
		return err
	}
	return s.Serve(ctx)
}

// TestKilled kills the process with -9 while people are opened, and expects every look that was answered, even
// in part, in the journal.
func TestKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "register")
	const people = 30
	makeRegister(t, dir, people)
	shown, total := map[string]int{}, 0
	for round := 0; round < 4 || total < 20 && round < 40; round++ { // on a slow machine few are answered in a round
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), servedDir+"="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var s served
		if err := json.NewDecoder(bufio.NewReader(out)).Decode(&s); err != nil {
			t.Fatal(err)
		}
		hammer(t, s, people, shown, time.Duration(80+70*round)*time.Millisecond, cmd)
		total = 0
		for _, n := range shown {
			total += n
		}
	}
	if total < 20 {
		t.Fatalf("only %d looks were answered before the kills", total)
	}
	h, err := house.Open(context.Background(), house.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}()
	for number, answered := range shown {
		if n := looksAt(t, h, number); n < answered {
			t.Errorf("%d looks were answered, the journal has %d", answered, n)
		}
	}
	report, err := journal.Verify(context.Background(), h.DB, h.Vault.VerifierKey(), nil, nil)
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("the journal after the kills: %v %v", report.Problems, err)
	}
}

func hammer(t *testing.T, s served, people int, shown map[string]int, pause time.Duration, cmd *exec.Cmd) {
	t.Helper()
	var mu sync.Mutex
	var busy sync.WaitGroup
	killed := make(chan struct{})
	for c := range 8 {
		busy.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for i := c; ; i++ {
				select {
				case <-killed:
					return
				default:
				}
				number := fmt.Sprintf("1100-%06d", i%people)
				_, text := call(t, client, s.Origin, s.Token, "POST", "/api/v1/people/open", map[string]string{"number": number, "purpose": "change"})
				if strings.Contains(text, "シケン") {
					mu.Lock()
					shown[number]++
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(pause)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	close(killed)
	busy.Wait()
}

func makeRegister(t *testing.T, dir string, people int) {
	t.Helper()
	ctx := context.Background()
	if err := house.Create(ctx, house.Options{Dir: dir}, "genbo.test"); err != nil {
		t.Fatal(err)
	}
	purposes := `[{"code":"change","ja":"変更","en":"change","fields":"NABDSPKXO","five_minutes":1000000,"day":1000000}]`
	if err := os.WriteFile(filepath.Join(dir, "purposes.json"), []byte(purposes), 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := house.Open(ctx, house.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Directory.SetOffice(ctx, journal.System("test"), staff.Office{ID: "0101", Name: "東第一"}); err != nil {
		t.Fatal(err)
	}
	if err := h.Directory.Add(ctx, journal.System("test"), housetest.Staff[0]); err != nil {
		t.Fatal(err)
	}
	housetest.Enter(t, h, people)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

// looksAt is how many looks at the person with a number the journal has.
func looksAt(t *testing.T, h *house.House, number string) (n int) {
	t.Helper()
	parsed, err := genbo.ParseNumber(number)
	if err != nil {
		t.Fatal(err)
	}
	err = h.DB.View(context.Background(), func(tx *db.Tx) error {
		id, err := h.Register.Holder(tx, parsed)
		if err != nil {
			return err
		}
		list, err := h.Journal.Of(tx, id, time.Time{}, 100_000)
		for _, e := range list {
			if e.Action == journal.PersonOpen {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
