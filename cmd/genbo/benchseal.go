package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"genbo"
	"genbo/internal/base/sealed"
	"genbo/internal/work/synth"
)

func (a *app) benchSeal() *cobra.Command {
	var rows int
	c := &cobra.Command{
		Use: "seal", Short: "Measure sealing a list and opening it", Args: cobra.NoArgs,
		Long: `Writes a sealed file of invented people, opens it as the agent does before it shows a row, and does the same
with a plain age file of the same rows. All four go through a file without waiting for the disk, and each figure is
the best of three. The ratios say what the manifest, the rows and their hash cost beside encryption alone.`,
		Example: "  genbo bench seal --rows 1250000",
		RunE: func(c *cobra.Command, _ []string) error {
			if rows < 1 {
				return fmt.Errorf("--rows is at least 1: %w", genbo.ErrInvalid)
			}
			remove, err := a.benchDir()
			if err != nil {
				return err
			}
			return errors.Join(a.runBenchSeal(c.Context(), rows), remove())
		},
	}
	a.jsonFlag(c)
	c.Flags().IntVar(&rows, "rows", 1_250_000, "how many rows")
	c.Flags().StringVar(&a.dir, "dir", "", "directory to work in (default: a temporary one)")
	return c
}

func (a *app) runBenchSeal(ctx context.Context, rows int) (err error) {
	s, err := newSealBench(a.dir, rows)
	if err != nil {
		return err
	}
	a.say("Sealing %s rows of %s MB on %d cores:", grouped(float64(rows)), grouped(float64(s.size)/1e6), runtime.GOMAXPROCS(0))
	var best [4]time.Duration
	for range 3 {
		for n, work := range []func() error{s.seal, s.open, s.ageSeal, s.ageOpen} {
			if err := ctx.Err(); err != nil {
				return err
			}
			began := time.Now()
			if err := work(); err != nil {
				return fmt.Errorf("bench seal: %w", err)
			}
			if took := time.Since(began); best[n] == 0 || took < best[n] {
				best[n] = took
			}
		}
	}
	var rate [4]float64
	for n, took := range best {
		rate[n] = float64(s.size) / 1e6 / took.Seconds()
	}
	a.figures(figure{"seal_mb_s", rate[0], "MB/s"}, figure{"open_mb_s", rate[1], "MB/s"},
		figure{"age_seal_mb_s", rate[2], "MB/s"}, figure{"age_open_mb_s", rate[3], "MB/s"},
		figure{"seal_ratio", rate[0] / rate[2], "×"}, figure{"open_ratio", rate[1] / rate[3], "×"},
		figure{"peak_memory_mb", peakMemory() / 1e6, "MB"})
	return errors.Join(os.Remove(s.sealed), os.Remove(s.aged))
}

// sealBench is a list to seal, and the keys of its two files.
type sealBench struct {
	sealed, aged string // files
	manifest     sealed.Manifest
	people       [][]string // rows that come again and again
	lines        []byte     // the same as CSV
	each         []int      // where each of them ends
	size         int64      // of all rows as CSV
	share        []byte
	signer       note.Signer
	verifier     note.Verifier
	identity     *age.X25519Identity
}

// distinct is how many different people are in the list: few enough that their rows are at hand, as rows just
// read from a register are.
const distinct = 4096

func newSealBench(dir string, rows int) (*sealBench, error) {
	s := &sealBench{sealed: filepath.Join(dir, "bench.genbo"), aged: filepath.Join(dir, "bench.age"), share: sealed.NewShare()}
	now := time.Now().UTC().Truncate(time.Second)
	s.manifest = sealed.Manifest{Extract: "bench", Seal: "bench1", Purpose: "bench", Ja: "測定", En: "Measurement", Fields: "NABDP",
		Columns: []string{"number", "kana", "name", "birth", "postal", "address", "phone"}, Rows: rows,
		Staff: "s-bench", Device: benchDevice, SealedAt: now, ExpiresAt: now.AddDate(0, 0, 1)}
	secret, public, err := note.GenerateKey(rand.Reader, "genbo.bench")
	if err != nil {
		return nil, err
	}
	var errs [3]error
	s.signer, errs[0] = note.NewSigner(secret)
	s.verifier, errs[1] = note.NewVerifier(public)
	s.identity, errs[2] = age.GenerateX25519Identity()
	return s, errors.Join(append(errs[:], s.invent(rows))...)
}

// invent makes the rows and measures them.
func (s *sealBench) invent(rows int) error {
	population, err := synth.New(1, distinct)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for n := range min(rows, distinct) {
		p := population.Person(n)
		row := []string{p.Number.Plain(), p.Kana, p.Name, p.Birth.String(), p.Postal, p.Address, p.Phone}
		s.people = append(s.people, row)
		if err := w.Write(row); err != nil {
			return err
		}
		w.Flush()
		s.each = append(s.each, b.Len())
	}
	s.lines = b.Bytes()
	s.size = int64(rows/len(s.people)) * int64(b.Len())
	if rest := rows % len(s.people); rest > 0 {
		s.size += int64(s.each[rest-1])
	}
	return nil
}

// through writes a file.
func through(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

func (s *sealBench) seal() error {
	return through(s.sealed, func(f io.Writer) error {
		w, err := sealed.NewWriter(f, s.share, s.signer, s.manifest)
		if err != nil {
			return err
		}
		for n := range s.manifest.Rows {
			if err := w.WriteRow(s.people[n%len(s.people)]); err != nil {
				return err
			}
		}
		return w.Close()
	})
}

func (s *sealBench) open() error {
	f, err := os.Open(s.sealed)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	stanza, err := sealed.ReadStanza(f)
	if err != nil {
		return err
	}
	m := s.manifest
	key, err := sealed.Unwrap(s.share, sealed.Binding{Extract: m.Extract, Seal: m.Seal, Staff: m.Staff, Device: m.Device, Expires: m.ExpiresAt}, stanza)
	if err != nil {
		return err
	}
	_, err = sealed.NewView(f, info.Size(), stanza, key, s.verifier)
	return err
}

// ageSeal encrypts the same lines, made before, to a key.
func (s *sealBench) ageSeal() error {
	return through(s.aged, func(f io.Writer) error {
		w, err := age.Encrypt(f, s.identity.Recipient())
		if err != nil {
			return err
		}
		for left := s.size; left > 0 && err == nil; {
			n := min(left, int64(len(s.lines)))
			_, err = w.Write(s.lines[:n])
			left -= n
		}
		return errors.Join(err, w.Close())
	})
}

func (s *sealBench) ageOpen() error {
	f, err := os.Open(s.aged)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := age.Decrypt(f, s.identity)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return err
}
