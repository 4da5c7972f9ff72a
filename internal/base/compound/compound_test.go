package compound_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"genbo/internal/base/compound"
	"genbo/internal/base/compound/compoundtest"
)

func TestOpen(t *testing.T) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 8000)
	root, err := compound.Open(source(compoundtest.File(compoundtest.Tree{
		"Workbook": large, "\x05Summary": []byte("short"), "empty": []byte{},
		"Folder": compoundtest.Tree{"inner": []byte("in"), "Deeper": compoundtest.Tree{"innermost": []byte("deep")}},
	})))
	if err != nil {
		t.Fatal(err)
	}
	folder := root.Storage("Folder")
	if folder == nil || folder.Storage("Deeper") == nil || folder.Storage("nothing") != nil || root.Stream("nothing") != nil {
		t.Fatalf("%+v", root)
	}
	for want, s := range map[string]*compound.Stream{
		string(large): root.Stream("Book", "Workbook"), "short": root.Stream("Summary"), "": root.Stream("empty"),
		"in": folder.Stream("inner"), "deep": folder.Storage("Deeper").Stream("innermost"),
	} {
		for range 2 { // the second time from the beginning again
			if got, err := s.All(1 << 20); err != nil || string(got) != want {
				t.Errorf("%s: %d bytes of %d: %v", s.Name, len(got), len(want), err)
			}
		}
	}
	if _, err := root.Stream("Workbook").All(1000); !errors.Is(err, compound.ErrDamaged) {
		t.Errorf("beyond the limit: %v", err)
	}
}

func source(b []byte) *io.SectionReader {
	return io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b)))
}

// TestDeep: storages that lie in each other without end cost neither memory nor stack.
func TestDeep(t *testing.T) {
	deep := compoundtest.Tree{}
	for range 1000 {
		deep = compoundtest.Tree{"s": deep}
	}
	if _, err := compound.Open(source(compoundtest.File(deep))); !errors.Is(err, compound.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

// TestLargeDirectory: a directory that would fill memory is refused.
func TestLargeDirectory(t *testing.T) {
	many := compoundtest.Tree{}
	for i := range 140_000 {
		many[fmt.Sprintf("s%06d", i)] = []byte{}
	}
	if _, err := compound.Open(source(compoundtest.File(many))); !errors.Is(err, compound.ErrDamaged) {
		t.Errorf("got %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(compoundtest.File(compoundtest.Tree{"a": bytes.Repeat([]byte("x"), 5000), "b": []byte("y"), "c": compoundtest.Tree{"d": []byte("z")}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := compound.Open(source(b))
		if err != nil {
			return
		}
		for all := []*compound.Storage{s}; len(all) > 0; all = append(all[1:], all[0].Storages...) {
			for _, one := range all[0].Streams {
				_, _ = io.Copy(io.Discard, io.LimitReader(one.Open(), 1<<20))
			}
		}
	})
}
