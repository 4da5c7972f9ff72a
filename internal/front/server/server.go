package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"genbo"
	"genbo/internal/front/api"
	"genbo/internal/front/console"
	"genbo/internal/front/page"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
)

// Options say where and how to listen.
type Options struct {
	Listen string // address; port 0 takes any free one
	Origin string // where browsers reach it, as in https://genbo.example; default: the address itself
	Site   page.Site
	Log    *slog.Logger

	// Only of a core.
	Certificate, Key string // files of the server's certificate
	Devices          string // file of the authority whose devices may call
}

// LoopbackDevice is the device of whoever uses the machine that a loopback server runs on.
const LoopbackDevice genbo.DeviceID = "loopback"

// Server is a door that listens.
type Server struct {
	Origin   string
	options  Options
	listener net.Listener
	http     *http.Server
}

// Loopback listens on a loopback address without TLS, for this machine only.
func Loopback(h *house.House, o Options) (*Server, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("%q is no address to listen on (want host:port): %w", o.Listen, genbo.ErrInvalid)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("without certificates it listens on a loopback address only, not on %q: use `genbo core` for a network: %w", host, genbo.ErrInvalid)
	}
	s := &Server{options: o}
	if s.listener, err = listen(o.Listen); err != nil {
		return nil, err
	}
	port := strconv.Itoa(s.listener.Addr().(*net.TCPAddr).Port)
	s.Origin = "http://localhost:" + port
	if o.Origin != "" {
		s.Origin = o.Origin
	}
	names := map[string]bool{"localhost:" + port: true, "127.0.0.1:" + port: true, "[::1]:" + port: true}
	device := func(*http.Request) genbo.DeviceID { return LoopbackDevice }
	return s, s.furnish(h, "localhost", device, func(r *http.Request) bool { return names[r.Host] })
}

func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (is another one running? choose another with --listen): %w: %w", address, genbo.ErrUnavailable, err)
	}
	return l, nil
}

// Core listens with TLS and asks every caller for the certificate of a device.
func Core(h *house.House, o Options) (*Server, error) {
	config, err := coreTLS(o)
	if err != nil {
		return nil, err
	}
	s := &Server{options: o}
	if s.listener, err = listen(o.Listen); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	name := config.Certificates[0].Leaf
	host := "localhost"
	if len(name.DNSNames) > 0 {
		host = name.DNSNames[0]
	}
	s.Origin = "https://" + net.JoinHostPort(host, port)
	if o.Origin != "" {
		s.Origin = o.Origin
	}
	s.listener = tls.NewListener(s.listener, config)
	return s, s.furnish(h, host, deviceOf, func(*http.Request) bool { return true })
}

func coreTLS(o Options) (*tls.Config, error) {
	cert, err := tls.LoadX509KeyPair(o.Certificate, o.Key)
	if err != nil {
		return nil, fmt.Errorf("read the server's certificate (make a test one with `genbo certs`): %w", err)
	}
	text, err := os.ReadFile(o.Devices)
	if err != nil {
		return nil, fmt.Errorf("read the authority of devices: %w", err)
	}
	devices := x509.NewCertPool()
	if !devices.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate: %w", o.Devices, genbo.ErrInvalid)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{cert}, NextProtos: []string{"h2", "http/1.1"},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: devices,
	}, nil
}

// deviceOf is the device whose certificate the caller showed.
func deviceOf(r *http.Request) genbo.DeviceID {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		return ""
	}
	return genbo.DeviceID(r.TLS.VerifiedChains[0][0].Subject.CommonName)
}

// Bounds of a connection.
const (
	headerTime  = 10 * time.Second
	idleTime    = 2 * time.Minute
	writeTime   = time.Minute
	headerBytes = 32 << 10
)

func (s *Server) furnish(h *house.House, host string, device func(*http.Request) genbo.DeviceID, known func(*http.Request) bool) error {
	passkeys, err := staff.NewPasskeys(h.Directory, host, s.Origin)
	if err != nil {
		return errors.Join(err, s.listener.Close())
	}
	log := s.options.Log
	pages, err := console.New(console.Parts{DB: h.DB, Desk: h.Desk, Handover: h.Handover, Journal: h.Journal, Directory: h.Directory, Findings: h.Findings, Passkeys: passkeys,
		Purposes: h.Why, Witness: h.Vault.VerifierKey(), Device: device, Log: log}, s.options.Site)
	if err != nil {
		return errors.Join(err, s.listener.Close())
	}
	calls, err := api.New(api.Parts{DB: h.DB, Vault: h.Vault, Desk: h.Desk, Handover: h.Handover, Journal: h.Journal, Directory: h.Directory, Findings: h.Findings, Purposes: h.Why,
		Witness: h.Vault.VerifierKey(), Device: device, Messages: pages.Messages(), Log: log})
	if err != nil {
		return errors.Join(err, s.listener.Close())
	}
	route := func(r *http.Request) string {
		if strings.HasPrefix(r.URL.Path, api.Prefix+"/") {
			return calls.Route(r)
		}
		return pages.Route(r)
	}
	m := newMetrics(h)
	mux := http.NewServeMux()
	mux.Handle(api.Prefix+"/", calls)
	mux.Handle("GET /healthz", http.HandlerFunc(healthy))
	mux.Handle("GET /readyz", ready(h))
	mux.Handle("GET /metrics", m.handler())
	mux.Handle("/", pages)
	s.http = &http.Server{
		Handler: watch(mux, route, m, log, device, known), ReadHeaderTimeout: headerTime, ReadTimeout: writeTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return nil
}

// shutdownTime is how long requests under way may take to finish.
const shutdownTime = 10 * time.Second

// Serve answers until ctx ends, and then lets the requests under way finish.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := s.http.Shutdown(last); err != nil {
		return errors.Join(fmt.Errorf("shut down: %w", err), s.http.Close())
	}
	return nil
}
