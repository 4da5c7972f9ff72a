package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfium_errors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"genbo/internal/base/document"
	"genbo/internal/base/lock"
)

const (
	mostBytes    = 64 << 20         // a file lies in the machine's memory
	mostMemory   = 4096             // pages of 64 KiB: 256 MiB for one machine
	mostPages    = 20_000           // of one file
	longestRead  = 60 * time.Second // for one file
	longestStart = 60 * time.Second
)

// ErrNotRead is the family of errors that say what of a file was not read.
var ErrNotRead = document.ErrNotRead

// Reader reads PDF files, a few at once. The zero value is ready; Close ends it.
type Reader struct {
	Cache  string // where the compiled machine is kept; empty for nowhere
	AtOnce int    // files read at once; 0 is 1

	start sync.Once
	pool  pdfium.Pool
	err   error
}

// Result is what was found out about a file.
type Result struct {
	Lock   lock.Finding
	Opened string // the password that opened it; empty for none
	Blank  int    // pages without text that have pictures
}

// Close ends the machines. Files that are being read end with an error.
func (r *Reader) Close() {
	r.start.Do(func() { r.err = errors.New("closed") })
	if r.pool != nil {
		_ = r.pool.Close()
	}
}

// begin starts the machine. With two processors that takes two seconds, or a tenth with a cache.
func (r *Reader) begin() {
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithMemoryLimitPages(mostMemory).WithCloseOnContextDone(true)
	if r.Cache != "" && os.MkdirAll(r.Cache, 0o700) == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(r.Cache); err == nil {
			config = config.WithCompilationCache(cache)
		}
	}
	n := max(r.AtOnce, 1)
	r.pool, r.err = webassembly.Init(webassembly.Config{
		Context: experimental.WithCompilationWorkers(context.Background(), n),
		MaxIdle: n, MaxTotal: n, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
		RuntimeConfig: config, ReuseWorkers: true,
	})
}

// Read hands what a file says to out, and the files attached to it to attached. An error of the family [ErrNotRead] says that
// a part is missing.
func (r *Reader) Read(ctx context.Context, src document.Source, passwords func() []string, out document.Sink, attached func(name string, content []byte)) (Result, error) {
	if src.Size() > mostBytes {
		return Result{}, fmt.Errorf("%w: a PDF of more than %d MiB", ErrNotRead, mostBytes>>20)
	}
	data := make([]byte, src.Size())
	if _, err := src.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return Result{}, err
	}
	if r.start.Do(r.begin); r.err != nil {
		return Result{}, fmt.Errorf("%w: the reader of PDF does not start: %w", ErrNotRead, r.err)
	}
	waiting, cancel := context.WithTimeout(ctx, longestStart)
	machine, err := r.pool.GetInstanceWithContext(waiting)
	cancel()
	if err != nil {
		return Result{}, fmt.Errorf("%w: no reader of PDF is free: %w", ErrNotRead, err)
	}
	f := &file{machine: machine, data: data, out: out, attached: attached}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if broken := recover(); broken != nil {
				f.err = fmt.Errorf("%w: its reader broke", ErrNotRead)
				f.broken = true
			}
		}()
		f.read(passwords)
	}()
	limit := time.NewTimer(longestRead)
	defer limit.Stop()
	select {
	case <-done:
		if !f.broken {
			_ = machine.Close()
			return f.result, f.err
		}
		_ = machine.Kill()
		return f.result, f.err
	case <-limit.C:
		err = fmt.Errorf("%w: reading it takes more than %s", ErrNotRead, longestRead)
	case <-ctx.Done():
		err = ctx.Err()
	}
	_ = machine.Kill()
	<-done
	return f.result, err
}

// file is a PDF file that is being read.
type file struct {
	machine  pdfium.Pdfium
	data     []byte
	doc      references.FPDF_DOCUMENT
	out      document.Sink
	attached func(string, []byte)
	page     page
	result   Result
	err      error
	broken   bool
}

// open opens the file with the empty password or one of the given.
func (f *file) open(passwords func() []string) error {
	cipher := encryption(f.data)
	doc, err := f.machine.OpenDocument(&requests.OpenDocument{File: &f.data})
	if err == nil {
		f.doc = doc.Document
		if cipher.How != "" {
			f.result.Lock = lock.Finding{State: lock.Open, How: "owner's password only, " + cipher.How}
		}
		return nil
	}
	if !errors.Is(err, pdfium_errors.ErrPassword) {
		return f.cannot(err)
	}
	f.result.Lock = cipher
	for _, p := range passwords() {
		doc, err := f.machine.OpenDocument(&requests.OpenDocument{File: &f.data, Password: &p})
		if err == nil {
			f.doc, f.result.Opened = doc.Document, p
			return nil
		}
		if !errors.Is(err, pdfium_errors.ErrPassword) {
			return f.cannot(err)
		}
	}
	return nil
}

// cannot says why a file cannot be opened with any password.
func (f *file) cannot(err error) error {
	if errors.Is(err, pdfium_errors.ErrSecurity) {
		f.result.Lock = lock.Finding{State: lock.Locked, How: "certificate or unknown security handler"}
		return nil
	}
	f.broken = true // whatever it left in the machine's memory
	return fmt.Errorf("%w: damaged PDF: %w", ErrNotRead, err)
}

func (f *file) read(passwords func() []string) {
	if f.err = f.open(passwords); f.err != nil || f.doc == "" {
		return
	}
	defer func() { _, _ = f.machine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: f.doc}) }()
	count, err := f.machine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: f.doc})
	if err != nil {
		f.err = fmt.Errorf("%w: damaged PDF: %w", ErrNotRead, err)
		return
	}
	var errs []error
	if count.PageCount > mostPages {
		errs = append(errs, fmt.Errorf("%w: more than %d pages", ErrNotRead, mostPages))
	}
	f.out.Begin()
	bad := 0
	for n := range min(count.PageCount, mostPages) {
		if err := f.readPage(n); err != nil {
			if bad++; bad == 1 {
				errs = append(errs, fmt.Errorf("%w: page %d: %w", ErrNotRead, n+1, err))
			}
		}
	}
	if bad > 1 {
		errs = append(errs, fmt.Errorf("%w: %d pages in all", ErrNotRead, bad))
	}
	if f.result.Blank > 0 {
		errs = append(errs, fmt.Errorf("%w: %d pages are pictures without text", ErrNotRead, f.result.Blank))
	}
	if list, err := f.machine.GetAttachments(&requests.GetAttachments{Document: f.doc}); err == nil && f.attached != nil {
		for _, a := range list.Attachments {
			f.attached(a.Name, a.Content)
		}
	}
	f.err = errors.Join(errs...)
}
