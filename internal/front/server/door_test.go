package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/base/certs"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// core is a core door with the authority of its devices.
type core struct {
	*house.House
	server *Server
	dir    string
}

func authority(t *testing.T, servers, devices []string) string {
	t.Helper()
	dir := t.TempDir()
	a, err := certs.OpenAuthority(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range servers {
		if err := a.Server(name, []string{"localhost", "127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range devices {
		if err := a.Device(genbo.DeviceID(name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func openCore(t *testing.T) *core {
	t.Helper()
	c := &core{House: housetest.New(t, house.Options{}), dir: authority(t, []string{"core"}, []string{"pc-1", "pc-2"})}
	path := func(name string) string { return filepath.Join(c.dir, name) }
	var err error
	c.server, err = Core(c.House, Options{Listen: "127.0.0.1:0", Certificate: path("core.crt"), Key: path("core.key"), Devices: path(certs.AuthorityFile),
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.server.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return c
}

// client is a caller with the certificate of a name from a directory; "" is without one.
func (c *core) client(t *testing.T, dir, name string) *http.Client {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, certs.AuthorityFile))
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	config.RootCAs.AppendCertsFromPEM(text)
	if name != "" {
		cert, err := tls.LoadX509KeyPair(filepath.Join(dir, name+".crt"), filepath.Join(dir, name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config}, Timeout: 5 * time.Second}
}

// TestCoreAsksForADevice tries every address of the door without the certificate of an enrolled device.
func TestCoreAsksForADevice(t *testing.T) {
	c := openCore(t)
	elsewhere := authority(t, nil, []string{"pc-1"})
	for name, client := range map[string]*http.Client{
		"no certificate": c.client(t, "", ""), "another authority's": c.client(t, elsewhere, "pc-1"), "a server's": c.client(t, c.dir, "core"),
	} {
		for _, path := range []string{"/", "/signin", "/healthz", "/readyz", "/metrics", "/api/v1/docs", "/static/console.css"} {
			answer, err := client.Get(c.server.Origin + path)
			if err == nil {
				_ = answer.Body.Close()
				t.Errorf("%s: %s answers %s", name, path, answer.Status)
			}
		}
	}
	plain, err := http.Get(strings.Replace(c.server.Origin, "https", "http", 1) + "/signin")
	if err == nil {
		b, _ := io.ReadAll(plain.Body)
		_ = plain.Body.Close()
		if plain.StatusCode < 400 || strings.Contains(string(b), "Genbo") {
			t.Errorf("without TLS it answers %s", plain.Status)
		}
	}
	for _, path := range []string{"/signin", "/healthz", "/readyz", "/metrics", "/api/v1/docs"} {
		answer, err := c.client(t, c.dir, "pc-1").Get(c.server.Origin + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("an enrolled device gets %s from %s", answer.Status, path)
		}
	}
}

// TestSessionStaysOnItsDevice steals a session: on another device it is worth nothing, even with a certificate.
func TestSessionStaysOnItsDevice(t *testing.T) {
	c := openCore(t)
	refs := housetest.Enter(t, c.House, 1)
	link, err := c.Directory.Link(context.Background(), journal.System("test"), "clerk1", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	status, text := call(t, c.client(t, c.dir, "pc-1"), c.server.Origin, "", "POST", "/api/v1/session", map[string]string{"link": link})
	if status != http.StatusCreated {
		t.Fatalf("sign in: %d %s", status, text)
	}
	_, after, _ := strings.Cut(text, `"token":"`)
	token, _, _ := strings.Cut(after, `"`)
	path := "/api/v1/people/" + string(refs[0]) + "?purpose=change"
	if status, text := call(t, c.client(t, c.dir, "pc-1"), c.server.Origin, token, "GET", path, nil); status != http.StatusOK || !strings.Contains(text, "シケン") {
		t.Errorf("on its device: %d", status)
	}
	if status, text := call(t, c.client(t, c.dir, "pc-2"), c.server.Origin, token, "GET", path, nil); status != http.StatusUnauthorized || strings.Contains(text, "シケン") {
		t.Errorf("on another device: %d", status)
	}
	list, _, err := c.Journal.List(context.Background(), journal.Filter{Action: journal.PersonOpen, Device: "pc-1"}, 10)
	if err != nil || len(list) != 1 {
		t.Errorf("the journal has %d looks on the device: %v", len(list), err)
	}
}

func TestLoopbackStaysAtHome(t *testing.T) {
	h := housetest.New(t, house.Options{})
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "nonsense"} {
		if _, err := Loopback(h, Options{Listen: address, Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, genbo.ErrInvalid) {
			t.Errorf("listen on %s without certificates: %v", address, err)
		}
	}
	o := openOffice(t)
	r, err := http.NewRequest("GET", o.server.Origin+"/signin", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "attacker.example"
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("under another name it answers %s", answer.Status)
	}
}

// TestWatch opens people and expects measures and log lines that tell of none of them.
func TestWatch(t *testing.T) {
	o := openOffice(t)
	token := session(t, o, "clerk1")
	one := "/people/" + string(o.people[0]) + "?purpose=change"
	if status, _ := visit(t, o.server.Origin+one, token); status != 200 {
		t.Fatalf("open: %d", status)
	}
	call(t, http.DefaultClient, o.server.Origin, token, "POST", "/api/v1/people/search", map[string]string{"q": "シケン 1100-000000"})
	for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": "genbo_request_seconds_count"} {
		status, text := visit(t, o.server.Origin+path, "")
		if status != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %.80s", path, status, text)
		}
		if path == "/metrics" && (!strings.Contains(text, `route="GET /people/{ref}"`) || !strings.Contains(text, `people/search"`)) {
			t.Errorf("the metrics lack the routes:\n%s", text)
		}
		for _, secret := range append([]string{string(o.people[0]), token}, personal...) {
			if strings.Contains(text, secret) || strings.Contains(o.log(), secret) {
				t.Errorf("%s or the log tells %q", path, secret)
			}
		}
	}
	if !strings.Contains(o.log(), `route="GET /people/{ref}"`) {
		t.Errorf("the log lacks the request:\n%s", o.log())
	}
}
