package unlock

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"

	"filippo.io/age"
	"filippo.io/age/armor"
)

const (
	// mostWork bounds the memory for one passphrase: 2 to this power KiB. The program age writes 18.
	mostWork = 18
	ageArmor = "-----BEGIN AGE"
)

// oneScrypt lets one passphrase be tried at a time: each takes 256 MiB.
var oneScrypt sync.Mutex

// Age opens a file of age that is locked with a passphrase. It returns the content and which of the passwords fitted; -1 if none did, or it is
// locked for keys.
func Age(src io.Reader, limit int64, passwords []string) (content []byte, fits int, err error) {
	all, err := io.ReadAll(io.LimitReader(src, limit+1))
	if err != nil {
		return nil, -1, err
	}
	if int64(len(all)) > limit {
		return nil, -1, ErrLimit
	}
	for i, p := range passwords {
		if p == "" {
			continue
		}
		content, err := ageWith(all, limit, p)
		var wrong *age.NoIdentityMatchError
		switch {
		case errors.As(err, &wrong):
		case err != nil:
			return nil, -1, err
		default:
			return content, i, nil
		}
	}
	return nil, -1, nil
}

func ageWith(b []byte, limit int64, password string) ([]byte, error) {
	identity, err := age.NewScryptIdentity(password)
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(mostWork)
	oneScrypt.Lock()
	r, err := age.Decrypt(bare(bytes.NewReader(b)), identity)
	oneScrypt.Unlock()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = ErrLimit
	}
	return content, err
}

// bare takes the armour off a file that has one.
func bare(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(256); strings.HasPrefix(strings.TrimSpace(string(head)), ageArmor) {
		return armor.NewReader(b)
	}
	return b
}
