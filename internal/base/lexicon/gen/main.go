// Command gen makes the lists of names and towns that package lexicon embeds, from two Debian packages.
//
//	go generate ./internal/base/lexicon
//
// It needs apt-get and dpkg and no rights of an administrator: it fetches the packages into a temporary
// folder and unpacks them there. With -root it reads a folder where they are unpacked already ("/" where they
// are installed). The sources are known by their hashes, so that the same lists come out anywhere; a new
// version of a package is a change of this file and of the lists together.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/japanese"
)

// source is a file of a Debian package, in EUC-JP.
type source struct{ path, sha256 string }

var (
	ipadic  = source{"usr/share/mecab/dic/ipadic/Noun.name.csv", "792040c47410b60235af15ba84eb2771f035434e18bd3e22e84fa0968fbf2084"}
	zipcode = source{"usr/share/skk/SKK-JISYO.zipcode", "0bffb758f22e4f0fbaa1f9cdcc0b623991ffae343ade26c0eafe93af958b99c4"}
)

// ipadicNotice is where the licence of the names stands, which has to go with them.
const ipadicNotice = "usr/share/doc/mecab-ipadic/copyright"

func main() {
	root := flag.String("root", "", "read the packages' files below this folder instead of fetching them")
	out := flag.String("out", "lists", "write the lists to this folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *root, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root, out string) error {
	if root == "" {
		folder, err := os.MkdirTemp("", "genbo-lists-")
		if err != nil {
			return fmt.Errorf("make a folder: %w", err)
		}
		defer os.RemoveAll(folder)
		if err := fetch(ctx, folder); err != nil {
			return err
		}
		root = folder
	}
	names, err := read(root, ipadic)
	if err != nil {
		return err
	}
	towns, err := read(root, zipcode)
	if err != nil {
		return err
	}
	surnames, given := nameLists(names)
	return errors.Join(
		pack(filepath.Join(out, "surnames.txt.gz"), surnames),
		pack(filepath.Join(out, "given.txt.gz"), given),
		pack(filepath.Join(out, "towns.txt.gz"), townList(towns)),
		copyNotice(root, filepath.Join(out, "LICENSE.mecab-ipadic")),
	)
}

// fetch unpacks the Debian packages below folder.
func fetch(ctx context.Context, folder string) error {
	const script = "apt-get download -qq mecab-ipadic skkdic-extra && for p in *.deb; do dpkg -x $p .; done"
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("fetch the packages: %w", err)
	}
	return nil
}

// read returns the lines of a source.
func read(root string, s source) ([]string, error) {
	raw, err := os.ReadFile(filepath.Join(root, s.path))
	if err != nil {
		return nil, fmt.Errorf("read a source: %w", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != s.sha256 {
		return nil, fmt.Errorf("%s is another version than the one that the lists are made from", s.path)
	}
	text, err := japanese.EUCJP.NewDecoder().Bytes(raw)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", s.path, err)
	}
	return strings.Split(string(text), "\n"), nil
}

// writable reports whether s can be written in Windows-31J, the encoding of most older office systems.
// Characters that the decoder did not know fail here too.
func writable(s string) bool {
	_, err := japanese.ShiftJIS.NewEncoder().String(s)
	return err == nil && !strings.ContainsRune(s, '\uFFFD')
}

// pack writes the lines compressed, with nothing in the header that changes from run to run.
func pack(path string, lines []string) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	if _, err := z.Write([]byte(strings.Join(lines, "\n"))); err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack %s: %w", path, err)
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// copyNotice writes the part of the package's notice that speaks of the dictionary itself.
func copyNotice(root, path string) error {
	notice, err := os.ReadFile(filepath.Join(root, ipadicNotice))
	if err != nil {
		return fmt.Errorf("read the notice: %w", err)
	}
	own, _, found := strings.Cut(string(notice), "\n\nFiles: debian/*")
	if !found {
		return errors.New("the notice of mecab-ipadic has another form than expected")
	}
	return os.WriteFile(path, []byte(own+"\n"), 0o644)
}
