package remedy

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"genbo"
	"genbo/internal/base/lock"
	"genbo/internal/work/scan"
)

// Item is a file to be acted on, as it was when it was scanned.
type Item struct {
	Root     string // the folder or file that was scanned: links above it are the caller's own
	Path     string // absolute
	Size     int64  // bytes
	Modified time.Time
	Cases    int
	SHA256   string // in hexadecimal; empty where it is not known yet
}

// Select takes the files with people that anybody can read out of a report. only is a pattern for the path or the name, or empty
// for all. Paths are made absolute from the working folder, as the scan took them.
func Select(r *scan.Report, only string) ([]Item, error) {
	if r.Version != scan.ReportVersion {
		return nil, fmt.Errorf("the report is of version %d, not %d: %w", r.Version, scan.ReportVersion, genbo.ErrInvalid)
	}
	roots := make([]string, len(r.Roots))
	for i, root := range r.Roots {
		var err error
		if roots[i], err = filepath.Abs(root); err != nil {
			return nil, err
		}
	}
	var items []Item
	for _, f := range r.List {
		if f.Cases.Total() == 0 || f.Lock != lock.Open && f.Lock != lock.Weak {
			continue
		}
		path, err := filepath.Abs(f.Path)
		if err != nil {
			return nil, err
		}
		if ok, err := matches(only, path); err != nil {
			return nil, err
		} else if ok {
			items = append(items, Item{Root: rootOf(roots, path), Path: path, Size: f.Size, Modified: f.Modified, Cases: f.Cases.Total()})
		}
	}
	return items, nil
}

// matches reports whether a path, its last part, or a folder above it is of a pattern.
func matches(pattern, path string) (bool, error) {
	if pattern == "" {
		return true, nil
	}
	ok, err := filepath.Match(pattern, filepath.Base(path))
	if err != nil {
		return false, fmt.Errorf("%q is no pattern: %w", pattern, genbo.ErrInvalid)
	}
	for !ok && len(path) > 1 && path != filepath.Dir(path) {
		ok, _ = filepath.Match(pattern, path) // the pattern is sound
		path = filepath.Dir(path)
	}
	return ok, nil
}

// rootOf is the narrowest root that a path lies below, or empty.
func rootOf(roots []string, path string) (root string) {
	for _, r := range roots {
		if len(r) > len(root) && (path == r || strings.HasPrefix(path, strings.TrimRight(r, string(filepath.Separator))+string(filepath.Separator))) {
			root = r
		}
	}
	return root
}
