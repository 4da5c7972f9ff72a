package filter

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"genbo"
	"genbo/internal/base/db"
	"genbo/internal/base/jtext"
	"genbo/internal/base/keyedset"
	"genbo/internal/record/journal"
	"genbo/internal/record/person"
	"genbo/internal/work/house"
	"genbo/internal/work/mark"
)

// Options say how a filter is made.
type Options struct {
	By   journal.Actor
	Key  *keyedset.Key
	Good time.Duration // how long it is good
	// Progress is called with how many of the people are in it; it may be nil.
	Progress func(done, of int)
}

// Made says what a filter holds.
type Made struct {
	Persons  int       `json:"persons"`  // each once, whoever is merged into him
	Merged   int       `json:"merged"`   // whose numbers and names lead to another
	Extracts int       `json:"extracts"` // with decoys
	Expires  time.Time `json:"expires"`
	Key      string    `json:"key"` // the key's fingerprint
}

// maker makes one filter.
type maker struct {
	*house.House
	everybody journal.People
	place     func(genbo.PersonID) (int, bool) // of those who stand for themselves
	into      map[genbo.PersonID]genbo.PersonID
	made      Made
	lists     []keyedset.List

	mu      sync.Mutex // guards all below
	builder *keyedset.Builder
	done    int
	tell    func(done, of int)
}

// Write writes the filter of a register into an empty file. The file is whole only when it returns no error.
func Write(ctx context.Context, h *house.House, file *os.File, o Options) (made Made, err error) {
	m := &maker{House: h, into: map[genbo.PersonID]genbo.PersonID{}, builder: keyedset.NewBuilder(o.Key, filepath.Dir(file.Name())), tell: o.Progress}
	defer func() { err = errors.Join(err, m.builder.Close()) }()
	if err := m.list(ctx); err != nil {
		return made, err
	}
	receipt, err := m.account(ctx, o)
	if err != nil {
		return made, err
	}
	if err := m.people(ctx, receipt); err != nil {
		return made, err
	}
	if err := m.decoys(ctx); err != nil {
		return made, err
	}
	m.made.Extracts = len(m.lists)
	err = m.builder.Write(ctx, file, keyedset.Info{Register: h.Vault.Signer().Name(), Made: receipt.At(), Expires: m.made.Expires, Persons: uint32(m.made.Persons), Lists: m.lists})
	return m.made, err
}

// list learns who there is, and who stands for whom.
func (m *maker) list(ctx context.Context) error {
	var everybody, standing journal.Gathering
	err := m.Register.Everybody(ctx, func(id, into genbo.PersonID) error {
		if everybody.Add(id); into != 0 {
			m.into[id] = into
		} else {
			standing.Add(id)
		}
		return nil
	})
	if err != nil {
		return err
	}
	m.everybody = everybody.People()
	of := standing.People()
	m.place, m.made.Persons, m.made.Merged = of.Index(), of.Count(), len(m.into)
	return nil
}

// account writes into the journal what is about to be made.
func (m *maker) account(ctx context.Context, o Options) (journal.Receipt, error) {
	m.made.Key, m.made.Expires = o.Key.ID(), m.DB.Now().Add(o.Good).UTC().Truncate(time.Second)
	return m.Journal.Account(ctx, journal.Entry{Actor: o.By, Action: journal.FilterMake, People: m.everybody,
		Fields: genbo.FieldNumber | genbo.FieldName | genbo.FieldBirth,
		Detail: fmt.Sprintf(`{"expires":%q,"key":%q}`, m.made.Expires.Format(time.RFC3339), m.made.Key),
	}, func(*db.Tx) error { return nil })
}

// people puts in everybody.
func (m *maker) people(ctx context.Context, receipt journal.Receipt) error {
	workers, working := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for run := range runs(m.everybody) {
		if working.Err() != nil {
			break
		}
		workers.Go(func() error {
			list, err := m.Register.Identities(working, receipt, run)
			if err != nil {
				return err
			}
			return m.put(list)
		})
	}
	return errors.Join(workers.Wait(), ctx.Err())
}

// runs are people in pieces that lie together in the register.
func runs(people journal.People) iter.Seq[[]genbo.PersonID] {
	return func(yield func([]genbo.PersonID) bool) {
		var run []genbo.PersonID
		for id := range people.All() {
			if len(run) > 0 && run[0]/genbo.BucketRun != id/genbo.BucketRun {
				if !yield(run) {
					return
				}
				run = nil
			}
			run = append(run, id)
		}
		if len(run) > 0 {
			yield(run)
		}
	}
}

// leading is a token and where it leads.
type leading struct {
	token keyedset.Token
	value keyedset.Value
}

// put puts the tokens of some people in.
func (m *maker) put(people []person.Identity) error {
	var tokens []leading
	for _, one := range people {
		value, err := m.value(one.ID)
		if err != nil {
			return err
		}
		for _, n := range one.Numbers {
			tokens = append(tokens, leading{m.builder.Number(n.Value()), value})
		}
		for _, name := range one.Names {
			for _, birth := range one.Births {
				tokens = m.named(tokens, value, birth, name.Kanji, name.Kana, name.Latin, name.Alias)
			}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range tokens {
		if err := m.builder.Add(t.token, t.value); err != nil {
			return err
		}
	}
	if m.done += len(people); m.tell != nil {
		m.tell(m.done, m.made.Persons+m.made.Merged)
	}
	return nil
}

// named appends the tokens of somebody's names.
func (m *maker) named(tokens []leading, value keyedset.Value, birth genbo.Date, names ...string) []leading {
	for _, name := range names {
		if t, ok := m.builder.Name([]byte(name), birth); ok {
			tokens = append(tokens, leading{t, value})
		}
	}
	return tokens
}

// value is whom somebody's tokens lead to: himself, or who stands for him.
func (m *maker) value(id genbo.PersonID) (keyedset.Value, error) {
	for range len(m.into) + 1 {
		into, merged := m.into[id]
		if !merged {
			break
		}
		id = into
	}
	place, found := m.place(id)
	if !found {
		return 0, fmt.Errorf("somebody is merged into nobody: %w", genbo.ErrTampered)
	}
	return keyedset.Person(m.builder.Ordinal(uint32(place), uint32(m.made.Persons))), nil
}

// decoys puts the decoys of all extracts in.
func (m *maker) decoys(ctx context.Context) error {
	return m.Handover.Decoys(ctx, func(extract string, decoys []mark.Decoy) error {
		value := keyedset.Decoy(uint32(len(m.lists)))
		m.lists = append(m.lists, keyedset.List{ID: extract, Decoys: len(decoys)})
		for _, d := range decoys {
			n, err := genbo.ParseNumber(d.Number)
			if err != nil {
				return fmt.Errorf("a decoy of extract %s: %w", extract, genbo.ErrTampered)
			}
			birth, err := jtext.ParseDate(d.Birth)
			if err != nil {
				return fmt.Errorf("a decoy of extract %s: %w", extract, genbo.ErrTampered)
			}
			for _, t := range m.named([]leading{{m.builder.Number(n.Value()), value}}, value, birth, d.Name, d.Kana) {
				if err := m.builder.Add(t.token, t.value); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
