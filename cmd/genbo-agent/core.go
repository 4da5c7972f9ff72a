package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"genbo"
	"genbo/internal/base/sealed"
)

// core is how this device reaches the core.
type core struct{ address, cert, key, ca string }

// flags has the core given by flags, or by the environment.
func (c *core) flags(flags *pflag.FlagSet) {
	flags.StringVar(&c.address, "core", os.Getenv("GENBO_CORE"), "address of the core (default: $GENBO_CORE) / 原簿のアドレス")
	flags.StringVar(&c.cert, "cert", os.Getenv("GENBO_CERT"), "this device's certificate (default: $GENBO_CERT) / 端末の証明書")
	flags.StringVar(&c.key, "key", os.Getenv("GENBO_KEY"), "its key (default: $GENBO_KEY) / その鍵")
	flags.StringVar(&c.ca, "ca", os.Getenv("GENBO_CA"), "the authority of the core (default: $GENBO_CA) / 原簿の認証局")
}

// client returns what calls the core, with this device's certificate. Without TLS it calls this computer only.
func (c *core) client() (*http.Client, error) {
	c.address = strings.TrimRight(c.address, "/")
	u, err := url.Parse(c.address)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("give the address of the core with --core, as in https://genbo.example: %w", genbo.ErrInvalid)
	}
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if u.Scheme == "http" {
		if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fmt.Errorf("%s: without https it calls this computer only: %w", c.address, genbo.ErrInvalid)
		}
		return client, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return nil, fmt.Errorf("read this device's certificate (--cert, --key): %w", err)
	}
	text, err := os.ReadFile(c.ca)
	if err != nil {
		return nil, fmt.Errorf("read the authority of the core (--ca): %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate: %w", c.ca, genbo.ErrInvalid)
	}
	client.Transport = &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, RootCAs: pool}}
	return client, nil
}

// opening is the core's answer.
type opening struct {
	FileKey   []byte         `json:"file_key"`
	Verifier  string         `json:"verifier_key"`
	Name      string         `json:"name"`
	Device    genbo.DeviceID `json:"device"`
	OpenedAt  time.Time      `json:"opened_at"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 64 << 10

// askCore exchanges the console's code for what opens the file. Whatever goes wrong, nothing opens.
func askCore(ctx context.Context, client *http.Client, address string, s sealed.Stanza, code, verifier string) (opening, error) {
	body, err := json.Marshal(struct {
		Code     string        `json:"code"`
		Verifier string        `json:"verifier"`
		Stanza   sealed.Stanza `json:"stanza"`
	}{code, verifier, s})
	if err != nil {
		return opening{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/v1/openings", bytes.NewReader(body))
	if err != nil {
		return opening{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(r)
	if err != nil {
		return opening{}, fmt.Errorf("the core cannot be reached, so the file stays closed: %w: %w", genbo.ErrUnavailable, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return opening{}, fmt.Errorf("read the core's answer: %w: %w", genbo.ErrUnavailable, err)
	}
	if answer.StatusCode != http.StatusOK {
		var problem struct{ Title, Detail string }
		_ = json.Unmarshal(text, &problem) // what is no problem has no words
		return opening{}, fmt.Errorf("the core refuses to open the file (%d %s %s): %w", answer.StatusCode, problem.Title, problem.Detail, genbo.ErrForbidden)
	}
	var o opening
	if err := json.Unmarshal(text, &o); err != nil || len(o.FileKey) != 16 {
		return opening{}, fmt.Errorf("the core's answer does not read: %w", genbo.ErrUnavailable)
	}
	return o, nil
}
