//go:build linux

package watch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"genbo/internal/base/certs"
)

// center is a core as the contract has it: it knows devices by their certificates, and answers the same findings the same.
type center struct {
	t       *testing.T
	dir     string
	address string
	server  *httptest.Server

	mu       sync.Mutex
	status   int // of the answers; 0 for 200
	asked    int
	got      []Findings
	received map[string]time.Time
}

func newCenter(t *testing.T) *center {
	t.Helper()
	c := &center{t: t, dir: t.TempDir(), received: map[string]time.Time{}}
	a, err := certs.OpenAuthority(c.dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Server("core", []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Device("pc-0101"); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.address = l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.down)
	return c
}

func (c *center) pair(name string) (tls.Certificate, *x509.CertPool) {
	c.t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(c.dir, name+".crt"), filepath.Join(c.dir, name+".key"))
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(c.dir, certs.AuthorityFile))
	if err != nil {
		c.t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pair, pool
}

// up starts the core, at the address that it always has.
func (c *center) up() {
	c.t.Helper()
	l, err := net.Listen("tcp", c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	pair, pool := c.pair("core")
	c.server = &httptest.Server{Listener: l, Config: &http.Server{Handler: c, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)},
		TLS: &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}}
	c.server.StartTLS()
}

func (c *center) down() {
	if c.server != nil {
		c.server.CloseClientConnections()
		c.server.Close()
		c.server = nil
	}
}

func (c *center) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.status != 0 {
		w.WriteHeader(c.status)
		fmt.Fprint(w, `{"title":"as the test wants it"}`)
		return
	}
	var f Findings
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || r.Method != http.MethodPost || r.URL.Path != "/api/v1/findings" || r.TLS.PeerCertificates[0].Subject.CommonName != "pc-0101" || len(f.Scan) != 32 {
		c.t.Errorf("%s %s: %v: %+v", r.Method, r.URL.Path, err, f)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if _, before := c.received[f.Scan]; !before {
		c.received[f.Scan] = time.Now()
		c.got = append(c.got, f)
	}
	_ = json.NewEncoder(w).Encode(Answer{Received: c.received[f.Scan], Limit: 7})
}

func (c *center) answer(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status, c.asked = status, 0
}

func (c *center) count() (asked, got int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked, len(c.got)
}

// core is how the device calls it.
func (c *center) core() *Core {
	pair, pool := c.pair("pc-0101")
	return &Core{Address: "https://" + c.address, Jitter: func() float64 { return 0 }, Client: &http.Client{Timeout: 5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, RootCAs: pool}}}}
}

// TestSent: findings reach the core over TLS, in order and each once, also those of the time when it was down.
func TestSent(t *testing.T) {
	c, root, log := newCenter(t), t.TempDir(), &logged{}
	o := options(t.TempDir(), log, root)
	o.Core = c.core()
	write(t, table(0, 10), root, "a.csv")
	r := start(t, o)
	r.cases("the first scan", 10)
	for i := 2; i <= 4; i++ {
		write(t, table(0, 10*i), root, "a.csv")
		r.cases("a change", 10*i)
	}
	if s, err := ReadStatus(o.State); err != nil || s.Unsent < 4 || s.Answer != nil {
		t.Errorf("while the core is down: %+v, %v", s, err)
	}
	r.end() // what waits is on the disk
	c.up()
	r = start(t, o)
	eventually(t, "all findings are sent", func() bool {
		_, n := c.count()
		s, err := ReadStatus(o.State)
		return n >= 5 && err == nil && s.Unsent == 0
	})
	for i, f := range c.got {
		if i > 0 && f.Unprotected() < c.got[i-1].Unprotected() || len(f.Fields) != 1 || f.Fields[0].Set != "NAB" || f.Agent != "test" || f.Begun.After(f.Ended) {
			t.Errorf("%d: %+v", i, f)
		}
	}
	r.end()
	if s, err := ReadStatus(o.State); err != nil || s.Answer == nil || s.Answer.Limit != 7 {
		t.Errorf("the core's answer: %+v, %v", s, err)
	}
	if !strings.Contains(log.String(), "findings wait for the core") {
		t.Errorf("the log: %s", log)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

// TestRefused: what the core refuses is told and dropped; what it cannot do now is kept.
func TestRefused(t *testing.T) {
	c, root, log := newCenter(t), t.TempDir(), &logged{}
	c.up()
	o := options(t.TempDir(), log, root)
	o.Core = c.core()
	unsent := func() int {
		s, err := ReadStatus(o.State)
		if err != nil {
			t.Fatal(err)
		}
		return s.Unsent
	}
	c.answer(http.StatusForbidden)
	once(t, o)
	if asked, got := c.count(); asked != 1 || got != 0 || unsent() != 0 || !strings.Contains(log.String(), `"status":403,"title":"as the test wants it"`) {
		t.Errorf("asked %d times, got %d, %d wait: %s", asked, got, unsent(), log)
	}
	for _, status := range []int{500, 503, 429, 302} {
		c.answer(status)
		w, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Once(t.Context()); err == nil {
			t.Errorf("%d: no error", status)
		}
	}
	if unsent() != 4 {
		t.Errorf("%d wait", unsent())
	}
	c.answer(0)
	once(t, o)
	if _, got := c.count(); got != 5 || unsent() != 0 {
		t.Errorf("got %d, %d wait", got, unsent())
	}
}

// TestIdempotent: an answer that was lost costs nothing: the same findings are sent again, and count once.
func TestIdempotent(t *testing.T) {
	c := newCenter(t)
	c.up()
	q, err := openQueue(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.put(&Findings{Scan: strings.Repeat("a", 32), Fields: []FieldsSum{}, Copies: []Copies{}}); err != nil {
		t.Fatal(err)
	}
	names, err := q.names()
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	body, err := q.read(names[0])
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.core().post(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}
	var again Answer
	if _, err := c.core().sendFirst(t.Context(), q, slog.New(slog.DiscardHandler), func(a Answer) { again = a }); err != nil || !again.Received.Equal(first.Received) {
		t.Errorf("%v: %v, then %v", err, first, again)
	}
	if _, got := c.count(); got != 1 {
		t.Errorf("the core got %d", got)
	}
}

// TestQueueIsBounded: the oldest go first.
func TestQueueIsBounded(t *testing.T) {
	q, err := openQueue(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for i := range mostWaiting {
		if err := os.WriteFile(filepath.Join(q.dir, fmt.Sprintf("%012d.json", i+1)), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dropped, err := q.put(&Findings{})
	names, listErr := q.names()
	if err != nil || listErr != nil || dropped != 1 || len(names) != mostWaiting || names[0] != "000000000002.json" || names[len(names)-1] != "000000001001.json" {
		t.Errorf("%v, %v: %d dropped, %d wait", err, listErr, dropped, len(names))
	}
}

// TestWrongCore: a core whose certificate is another authority's gets nothing.
func TestWrongCore(t *testing.T) {
	c, other := newCenter(t), newCenter(t)
	c.up()
	client := other.core()
	client.Address = "https://" + c.address
	if _, err := client.post(context.Background(), []byte("{}")); err == nil {
		t.Error("it was called")
	}
	if asked, _ := c.count(); asked != 0 {
		t.Error("the findings reached it")
	}
}
