package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/certs"
	"genbo/internal/base/db"
	"genbo/internal/front/api"
	"genbo/internal/front/server"
	"genbo/internal/record/access"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/synth"
)

func (a *app) benchLookup() *cobra.Command {
	var people int
	var each time.Duration
	c := &cobra.Command{
		Use: "lookup", Short: "Measure opening one person by number", Args: cobra.NoArgs,
		Long: `Serves a register over HTTPS with client certificates and opens people by number, each look decrypted and
in the journal before it is answered, with 1 and with 32 clients. Then it does the same in the process, with the
journal and with all looks accounted for by one entry beforehand, to show what the journal costs.`,
		Example: "  genbo bench lookup --people 1000000 --dir /tmp/million",
		RunE: func(c *cobra.Command, _ []string) error {
			remove, err := a.benchDir()
			if err != nil {
				return err
			}
			return errors.Join(a.runBenchLookup(c.Context(), people, each), remove())
		},
	}
	a.benchFlags(c, &people)
	c.Flags().DurationVar(&each, "time", 10*time.Second, "how long each measurement takes")
	return c
}

// unlimited are budgets that no measurement reaches.
var unlimited = access.Limits{OpenFiveMinutes: 1 << 30, OpenDay: 1 << 30, GlimpseFiveMinutes: 1 << 30, GlimpseDay: 1 << 30}

// benchPurposes is a list of purposes without limits of their own.
const benchPurposes = `[{"code": "inquiry", "ja": "測定", "en": "Measurement", "fields": "NABDSPXO", "five_minutes": 1000000000, "day": 1000000000}]`

const benchDevice genbo.DeviceID = "bench"

// bencher is a served register with a hotline operator who may open anybody.
type bencher struct {
	*app
	house      *house.House
	population *synth.Population
	origin     string
	tls        *tls.Config
	token      string
	identity   staff.Identity
}

func (a *app) runBenchLookup(ctx context.Context, people int, each time.Duration) (err error) {
	o := house.Options{Dir: a.dir, Limits: unlimited, Purposes: filepath.Join(a.dir, "purposes.json")}
	population, err := synth.New(1, people)
	if err == nil {
		err = os.WriteFile(o.Purposes, []byte(benchPurposes), 0o600)
	}
	if err != nil {
		return err
	}
	if !o.Exists() {
		a.say("Making a register of %s people first.", grouped(float64(people)))
		if err := house.Create(ctx, o, "genbo.bench"); err != nil {
			return err
		}
		if err := writePeople(ctx, filepath.Join(a.dir, "people.csv"), population, synth.Form{}); err != nil {
			return err
		}
	}
	if _, err := a.benchTake(ctx, o, filepath.Join(a.dir, "people.csv"), people); err != nil {
		return err
	}
	h, err := house.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	if n, err := h.Desk.CountPeople(ctx); err != nil || n < int64(people) {
		return fmt.Errorf("the register in %s has %d people: name as many with --people: %w", a.dir, n, errors.Join(err, genbo.ErrInvalid))
	}
	b := &bencher{app: a, house: h, population: population}
	running, stop := context.WithCancel(ctx)
	var busy sync.WaitGroup
	defer busy.Wait()
	defer stop()
	busy.Go(func() { h.Run(running) })
	s, err := b.serve(ctx)
	if err != nil {
		return err
	}
	busy.Go(func() { _ = s.Serve(running) })
	return b.measure(ctx, each)
}

// serve opens the door of a core, with certificates made for the purpose, and signs the operator in.
func (b *bencher) serve(ctx context.Context) (*server.Server, error) {
	dir, err := os.MkdirTemp(b.dir, "certs-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	authority, err := certs.OpenAuthority(dir, time.Now())
	if err == nil {
		err = errors.Join(authority.Server("localhost", []string{"localhost", "127.0.0.1"}), authority.Device(benchDevice))
	}
	if err != nil {
		return nil, err
	}
	path := func(name string) string { return filepath.Join(dir, name) }
	device, err := tls.LoadX509KeyPair(path(string(benchDevice)+".crt"), path(string(benchDevice)+".key"))
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path(certs.AuthorityFile))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	b.tls = &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{device}, MinVersion: tls.VersionTLS13}
	s, err := server.Core(b.house, server.Options{Listen: "127.0.0.1:0", Certificate: path("localhost.crt"), Key: path("localhost.key"),
		Devices: path(certs.AuthorityFile), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	b.origin = s.Origin
	return s, b.signIn(ctx)
}

func (b *bencher) signIn(ctx context.Context) error {
	by := journal.System("bench")
	err := b.house.Directory.SetOffice(ctx, by, staff.Office{ID: "0001", Name: "bench"})
	if err == nil {
		err = b.house.Directory.Add(ctx, by, staff.Member{ID: "bench", Name: "bench", Office: "0001", Roles: []staff.Role{staff.Operator}})
	}
	if err != nil && !errors.Is(err, genbo.ErrConflict) {
		return err
	}
	link, err := b.house.Directory.Link(ctx, by, "bench", time.Minute)
	if err != nil {
		return err
	}
	if b.token, err = b.house.Directory.SignInByLink(ctx, link, benchDevice); err != nil {
		return err
	}
	b.identity, err = b.house.Directory.Authenticate(ctx, b.token, benchDevice)
	return err
}

func (b *bencher) measure(ctx context.Context, each time.Duration) error {
	receipt, err := b.accountForAll(ctx)
	if err != nil {
		return err
	}
	rate := map[string]float64{}
	for _, m := range []struct {
		name string
		look func(clients int) func(genbo.Number) error
	}{
		{"HTTPS alone", func(clients int) func(genbo.Number) error { return b.nothing(ctx, clients) }},
		{"HTTPS", func(clients int) func(genbo.Number) error { return b.overHTTPS(ctx, clients) }},
		{"in process", func(int) func(genbo.Number) error { return func(n genbo.Number) error { return b.look(ctx, n) } }},
		{"without journal", func(int) func(genbo.Number) error {
			return func(n genbo.Number) error { return b.unaccounted(ctx, receipt, n) }
		}},
	} {
		for _, clients := range []int{1, 32} {
			name := fmt.Sprintf("%s, %d clients", m.name, clients)
			if rate[name], err = b.run(ctx, name, clients, each, m.look(clients)); err != nil {
				return err
			}
		}
	}
	b.figures(figure{"price of a look over HTTPS", rate["HTTPS alone, 32 clients"] / rate["HTTPS, 32 clients"], "× HTTPS alone"},
		figure{"price of the journal", rate["without journal, 32 clients"] / rate["in process, 32 clients"], "× without"})
	return nil
}

// run has clients look people up for a time, and prints rate and quantiles.
func (b *bencher) run(ctx context.Context, name string, clients int, each time.Duration, look func(genbo.Number) error) (rate float64, err error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	end := time.Now().Add(each)
	var busy sync.WaitGroup
	for c := range clients {
		busy.Go(func() {
			var mine []time.Duration
			var err error
			// A stride that is prime to any size leads all over the register, another way for each client.
			for i := c * 104_729; err == nil && ctx.Err() == nil && time.Now().Before(end); i += 15_485_863 {
				n := b.population.Person(i % b.population.Len()).Number
				began := time.Now()
				err = look(n)
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			defer mu.Unlock()
			took, failed = append(took, mine...), errors.Join(failed, err)
		})
	}
	busy.Wait()
	if err := errors.Join(failed, ctx.Err()); err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	slices.Sort(took)
	ms := func(q float64) float64 { return took[int(q*float64(len(took)-1))].Seconds() * 1000 }
	rate = float64(len(took)) / each.Seconds()
	b.figures(figure{name, rate, "requests/s"}, figure{name + ", p50", ms(.5), "ms"}, figure{name + ", p99", ms(.99), "ms"})
	return rate, nil
}

func (b *bencher) client(clients int) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: b.tls, MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients}}
}

// nothing asks whether the server lives: what a call costs that does nothing.
func (b *bencher) nothing(ctx context.Context, clients int) func(genbo.Number) error {
	client := b.client(clients)
	return func(genbo.Number) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.origin+"/healthz", nil)
		if err != nil {
			return err
		}
		return answered(client.Do(r))
	}
}

// answered reads an answer to its end and wants it to be good.
func answered(answer *http.Response, err error) error {
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s: %w", answer.Status, errors.Join(err, genbo.ErrUnavailable))
	}
	return nil
}

// overHTTPS opens a person as a script of the agency would.
func (b *bencher) overHTTPS(ctx context.Context, clients int) func(genbo.Number) error {
	client := b.client(clients)
	return func(n genbo.Number) error {
		body, err := json.Marshal(map[string]string{"number": n.Plain(), "purpose": "inquiry"})
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.origin+api.Prefix+"/people/open", bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+b.token)
		r.Header.Set("Content-Type", "application/json")
		return answered(client.Do(r))
	}
}

// look opens a person at the desk, as every page and call does.
func (b *bencher) look(ctx context.Context, n genbo.Number) error {
	_, err := b.house.Desk.OpenNumber(ctx, desk.Visit{Identity: b.identity, Purpose: "inquiry"}, n)
	return err
}

// accountForAll writes one entry for every person, under which looks need no entry of their own.
func (b *bencher) accountForAll(ctx context.Context) (journal.Receipt, error) {
	return b.house.Journal.Account(ctx, journal.Entry{Actor: b.identity.Actor(), Purpose: "inquiry", Action: journal.PersonOpen,
		People: journal.PeopleFrom(1, 2*b.population.Len()), Fields: genbo.AllFields, Reason: "bench"}, func(*db.Tx) error { return nil })
}

// unaccounted opens a person under an entry that was written before: what is left without the journal.
func (b *bencher) unaccounted(ctx context.Context, receipt journal.Receipt, n genbo.Number) error {
	var id genbo.PersonID
	err := b.house.DB.View(ctx, func(tx *db.Tx) (err error) {
		id, err = b.house.Register.Holder(tx, n)
		return err
	})
	if err == nil {
		_, err = b.house.Register.Open(ctx, receipt, id)
	}
	return err
}
