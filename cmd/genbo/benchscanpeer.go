package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"
)

// forgetPeak makes [peakMemory] count from here, where the system can.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200) }

// contentSize is how many bytes the files hold, unpacked where they are archives.
func contentSize(dir string) (size float64, err error) {
	n, err := eachContent(dir, io.Discard)
	return float64(n), err
}

// eachContent unpacks what is below a folder into w.
func eachContent(dir string, w io.Writer) (size int64, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	walk := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		gate <- struct{}{}
		all.Go(func() {
			n, failed := content(path, w)
			mu.Lock()
			size, err = size+n, errors.Join(err, failed)
			mu.Unlock()
			<-gate
		})
		return nil
	})
	all.Wait()
	return size, errors.Join(err, walk)
}

func content(path string, w io.Writer) (size int64, err error) {
	raw, err := os.ReadFile(path)
	if err != nil || !bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return int64(len(raw)), err
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return 0, err
	}
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	for _, member := range z.File {
		r, err := member.Open()
		if err != nil {
			return size, err
		}
		n, err := io.Copy(w, r)
		if size += n; err != nil {
			return size, err
		}
	}
	return size, nil
}

// unpack unpacks alone.
func (s *scanBench) unpack(_ context.Context, name, dir string, size float64, took time.Duration) error {
	began := time.Now()
	if _, err := eachContent(dir, io.Discard); err != nil {
		return err
	}
	alone := time.Since(began)
	s.figures(figure{name + "_unpack_mb_s", size / alone.Seconds() / 1e6, "MB/s"}, figure{name + "_times_unpack", took.Seconds() / alone.Seconds(), "×"})
	return nil
}

// cat reads alone, one process.
func (s *scanBench) cat(ctx context.Context, name, dir string, size float64, took time.Duration) error {
	return s.program(ctx, name, dir, size, took, "cat")
}

// grep counts the lines with a number's digits, on all cores: with ripgrep where it is, else with grep.
func (s *scanBench) grep(ctx context.Context, name, dir string, size float64, took time.Duration) error {
	const pattern = `[0-9]{4}-?[0-9]{6}`
	if _, err := exec.LookPath("rg"); err == nil {
		return s.program(ctx, name, dir, size, took, "rg", "-ac", pattern)
	}
	return s.program(ctx, name, dir, size, took, "grep", "-acE", pattern)
}

func (s *scanBench) program(ctx context.Context, name, dir string, size float64, took time.Duration, program string, args ...string) error {
	if _, err := exec.LookPath(program); err != nil {
		return nil // the figure is left out where the program is missing
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	began := time.Now()
	c := exec.CommandContext(ctx, program, append(args, paths...)...)
	if err := c.Run(); err != nil && c.ProcessState.ExitCode() != 1 { // 1: grep found nothing
		return fmt.Errorf("%s: %w", program, err)
	}
	alone := time.Since(began)
	s.figures(figure{name + "_" + program + "_mb_s", size / alone.Seconds() / 1e6, "MB/s"}, figure{name + "_times_" + program, took.Seconds() / alone.Seconds(), "×"})
	return nil
}
