package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// queue is the folder of findings that the core has not got yet, one file each, in the order in which they were made.
type queue struct {
	dir  string
	wake chan struct{} // something was put
}

// mostWaiting is how many findings wait for the core at most. Each tells the whole state, so that the oldest are missed least.
const mostWaiting = 1000

func openQueue(dir string) (*queue, error) {
	q := &queue{filepath.Join(dir, "unsent"), make(chan struct{}, 1)}
	return q, os.MkdirAll(q.dir, 0o700)
}

// names lists what waits, the oldest first.
func (q *queue) names() ([]string, error) {
	list, err := os.ReadDir(q.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range list {
		if strings.HasSuffix(d.Name(), ".json") && !strings.HasPrefix(d.Name(), ".") {
			names = append(names, d.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// put appends findings, and says how many old ones had to go.
func (q *queue) put(f *Findings) (dropped int, err error) {
	names, err := q.names()
	if err != nil {
		return 0, err
	}
	next := 1
	if len(names) > 0 {
		if next, err = strconv.Atoi(strings.TrimSuffix(names[len(names)-1], ".json")); err != nil {
			return 0, fmt.Errorf("a file that is no findings lies among those to be sent: %w", err)
		}
		next++
	}
	content, err := json.Marshal(f)
	if err == nil {
		err = writeWhole(filepath.Join(q.dir, fmt.Sprintf("%012d.json", next)), content)
	}
	for ; err == nil && len(names)-dropped >= mostWaiting; dropped++ {
		err = q.drop(names[dropped])
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return dropped, err
}

func (q *queue) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(q.dir, name)) }

// drop removes findings; who was sent them and who dropped them may both come.
func (q *queue) drop(name string) error {
	if err := os.Remove(filepath.Join(q.dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
