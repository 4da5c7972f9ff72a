package watch

import (
	"os"

	"genbo/internal/work/scan"
)

// writeWhole writes a file that only its owner may read, and that is there wholly or not at all.
func writeWhole(path string, content []byte) error {
	return scan.WriteWhole(path, func(w *os.File) error {
		_, err := w.Write(content)
		return err
	})
}
