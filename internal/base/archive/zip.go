package archive

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"

	"genbo/internal/base/charset"
	"genbo/internal/base/document"
	"genbo/internal/base/lock"
	"genbo/internal/base/unlock"
)

const (
	zipEncrypted = 1 << 0
	zipStrong    = 1 << 6
	zipUTF8      = 1 << 11
	methodAES    = 99
	extraAES     = 0x9901
)

func (w *walker) zip(src document.Source) error {
	return w.zipOf(src, func(f *zip.File) bool { return !strings.HasSuffix(f.Name, "/") || f.UncompressedSize64 != 0 })
}

// zipOf hands out the members that are wanted.
func (w *walker) zipOf(src document.Source, wanted func(*zip.File) bool) error {
	z, err := zip.NewReader(src, src.Size())
	if err != nil {
		return fmt.Errorf("zip: %w", err)
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	if document.Overlap(z, src.Size()) {
		return fmt.Errorf("%w: its members lie over each other", ErrLimit)
	}
	for _, f := range z.File {
		if !wanted(f) {
			continue
		}
		m := &Member{Name: f.Name, Size: int64(min(f.UncompressedSize64, 1<<62))}
		if f.Flags&zipUTF8 == 0 {
			m.Name, _ = charset.All([]byte(f.Name))
		}
		if f.Flags&zipEncrypted != 0 {
			m.Lock = zipLock(f)
			w.openZip(f, m)
		} else if r, err := f.Open(); err != nil {
			m.Err = err
		} else {
			m.Data = r
		}
		err := w.member(m)
		if c, ok := m.Data.(*bounded); ok {
			if closer, ok := c.r.(io.Closer); ok {
				closer.Close()
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openZip tries the passwords on a locked member. ZipCrypto is checked so fast that all numbers of four digits are tried too.
func (w *walker) openZip(f *zip.File, m *Member) {
	try := w.passwords()
	if try == nil || m.Lock.State == lock.Unreadable {
		return
	}
	if m.Lock.State == lock.Weak {
		try = append(slices.Clip(try), fourDigits()...)
	}
	content, fits, err := unlock.Zip(f, try)
	if err != nil {
		m.Err = err
	} else if fits >= 0 {
		m.Data, m.Opened = content, try[fits]
	}
}

// fourDigits are the passwords that people have instead of one.
var fourDigits = sync.OnceValue(func() []string {
	list := make([]string, 10_000)
	for i := range list {
		list[i] = fmt.Sprintf("%04d", i)
	}
	return list
})

// zipLock tells how a member is encrypted (PKWARE's APPNOTE 4.4.4, 7; WinZip's AES, 9901).
func zipLock(f *zip.File) lock.Finding {
	if f.Flags&zipStrong != 0 {
		return lock.Finding{State: lock.Locked, How: "PKWARE strong encryption"}
	}
	if f.Method != methodAES {
		return lock.Finding{State: lock.Weak, How: "ZipCrypto"}
	}
	for b := f.Extra; len(b) >= 4; {
		id, size := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if len(b) < 4+size {
			break
		}
		if id == extraAES && size >= 7 {
			if bits := map[byte]int{1: 128, 2: 192, 3: 256}[b[8]]; bits != 0 {
				return lock.Finding{State: lock.Locked, How: fmt.Sprintf("AES-%d", bits)}
			}
		}
		b = b[4+size:]
	}
	return lock.Finding{State: lock.Unreadable, How: "method 99 without its record"}
}
