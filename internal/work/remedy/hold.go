package remedy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Refusal is why a file is not acted on, as the key of a message. The system's own error, where there is one, lies below.
type Refusal struct {
	Why string
	err error
}

func (r *Refusal) Error() string {
	if r.err == nil {
		return r.Why
	}
	return r.Why + ": " + r.err.Error()
}

func (r *Refusal) Unwrap() error { return r.err }

// The reasons.
const (
	Gone       = "gone"       // it is not there
	Link       = "link"       // it, or a folder on the way, is a link
	NotRegular = "notRegular" // it is a folder, pipe, device
	Changed    = "changed"    // since the scan, or while it was read
	OtherNames = "otherNames" // it has more names (hard links), under which its content would stay
	Outside    = "outside"    // it lies below none of the scan's folders
	Denied     = "denied"     // the system does not let us
	Exists     = "exists"     // something is there already
	Ambiguous  = "ambiguous"  // several names are written the same in the report
	Failed     = "failed"     // anything else: the system's error says what
	Damaged    = "damaged"    // what lies in quarantine is not what was put there
)

func refuse(why string) error { return &Refusal{Why: why} }

// refusal makes a refusal of any error.
func refusal(err error) *Refusal {
	var r *Refusal
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, fs.ErrNotExist):
		return &Refusal{Gone, bare(err)}
	case errors.Is(err, fs.ErrExist):
		return &Refusal{Exists, bare(err)}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &Refusal{Denied, bare(err)}
	default:
		return &Refusal{Failed, bare(err)}
	}
}

// bare is an error without the path that it happened at, which stands beside it already.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return fmt.Errorf("%s: %w", p.Op, p.Err)
	}
	return err
}

// held is a file that is opened, in a folder that is opened: what happens to the path above no longer matters.
type held struct {
	dir  *os.Root
	name string
	file *os.File
	info fs.FileInfo // of the opened file
}

func (h *held) close() { _, _ = h.file.Close(), h.dir.Close() }

// hold opens the file of an item, if it is what the scan saw.
func hold(i Item) (*held, error) {
	dir, name, err := folderOf(i.Root, i.Path)
	if err != nil {
		return nil, err
	}
	h, err := holdIn(dir, name)
	if err != nil {
		dir.Close()
		return nil, err
	}
	if h.info.Size() != i.Size || !h.info.ModTime().Equal(i.Modified) {
		h.close()
		return nil, refuse(Changed)
	}
	return h, nil
}

// folderOf opens the folder that a path lies in, step by step from its root, and follows no link. It gives the name that the file has in it.
func folderOf(root, path string) (dir *os.Root, name string, err error) {
	if root == "" {
		return nil, "", refuse(Outside)
	}
	if path == root { // the scan was given the file itself
		root = filepath.Dir(root)
	}
	rel, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(rel) {
		return nil, "", refuse(Outside)
	}
	if dir, err = os.OpenRoot(root); err != nil {
		return nil, "", err
	}
	steps := strings.Split(rel, string(filepath.Separator))
	for _, step := range steps[:len(steps)-1] {
		next, err := enter(dir, step)
		dir.Close()
		if err != nil {
			return nil, "", err
		}
		dir = next
	}
	if name, err = entry(dir, steps[len(steps)-1]); err != nil {
		dir.Close()
		return nil, "", err
	}
	return dir, name, nil
}

// enter opens a folder in a folder, unless it is a link or becomes one meanwhile.
func enter(dir *os.Root, step string) (*os.Root, error) {
	step, err := entry(dir, step)
	if err != nil {
		return nil, err
	}
	before, err := dir.Lstat(step)
	switch {
	case err != nil:
		return nil, err
	case before.Mode()&fs.ModeSymlink != 0:
		return nil, refuse(Link)
	case !before.IsDir():
		return nil, refuse(Gone)
	}
	next, err := dir.OpenRoot(step)
	if err != nil {
		return nil, err
	}
	if after, err := next.Stat("."); err != nil || !os.SameFile(before, after) {
		next.Close()
		return nil, refuse(Link)
	}
	return next, nil
}

// entry is a name in a folder as the system has it. A report has U+FFFD for bytes that are no UTF-8.
func entry(dir *os.Root, name string) (string, error) {
	if !strings.ContainsRune(name, '\ufffd') {
		return name, nil
	}
	if _, err := dir.Lstat(name); err == nil {
		return name, nil
	}
	list, err := dir.Open(".")
	if err != nil {
		return "", err
	}
	defer list.Close()
	names, err := list.Readdirnames(-1)
	if err != nil {
		return "", err
	}
	var found []string
	for _, n := range names {
		if asJSON(n) == name {
			found = append(found, n)
		}
	}
	switch len(found) {
	case 0:
		return name, nil
	case 1:
		return found[0], nil
	default:
		return "", refuse(Ambiguous)
	}
}

// holdIn opens a regular file in a folder for reading: neither through a link, nor a pipe that was put in its place.
func holdIn(dir *os.Root, name string) (*held, error) {
	before, err := dir.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case before.Mode()&fs.ModeSymlink != 0:
		return nil, refuse(Link)
	case !before.Mode().IsRegular():
		return nil, refuse(NotRegular)
	}
	file, err := dir.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !os.SameFile(before, info) {
		err = refuse(Changed)
	}
	if err == nil {
		var n uint64
		if n, err = names(file, info); err == nil && n > 1 {
			err = refuse(OtherNames)
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &held{dir, name, file, info}, nil
}

// same says whether the opened file is still as it was.
func (h *held) same() error {
	now, err := h.file.Stat()
	if err == nil && (now.Size() != h.info.Size() || !now.ModTime().Equal(h.info.ModTime())) {
		err = refuse(Changed)
	}
	return err
}

// copyTo copies the whole file and gives the SHA-256 of what was read.
func (h *held) copyTo(dst io.Writer) (string, error) {
	sum := sha256.New()
	if _, err := h.file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	if n, err := io.Copy(io.MultiWriter(dst, sum), h.file); err != nil {
		return "", err
	} else if n != h.info.Size() {
		return "", refuse(Changed)
	}
	return digestOf(sum), h.same()
}

func digestOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// remove removes the file, if it is the one that is held: it is first taken aside, under another name in the same folder, and
// looked at there. What was swapped in meanwhile goes back.
func (h *held) remove(aside string, reached func(string)) error {
	if err := move(h.dir, h.name, h.dir, aside); err != nil {
		return err
	}
	reached("aside")
	if err := h.is(h.dir, aside); err != nil {
		return errors.Join(err, move(h.dir, aside, h.dir, h.name))
	}
	if err := h.dir.Remove(aside); err != nil {
		return errors.Join(err, move(h.dir, aside, h.dir, h.name))
	}
	return syncFolder(h.dir)
}

// is says whether a name is of the file that is held, unchanged.
func (h *held) is(dir *os.Root, name string) error {
	now, err := dir.Lstat(name)
	if err != nil {
		return err
	}
	if !os.SameFile(now, h.info) {
		return refuse(Changed)
	}
	return h.same()
}
