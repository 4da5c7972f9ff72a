package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"genbo/internal/base/sealed"
	"genbo/internal/front/viewer"
)

func openCommand(stdout io.Writer) *cobra.Command {
	var c core
	var quiet bool
	cmd := &cobra.Command{
		Use:   "open FILE",
		Short: "Show a sealed file on this computer / 封印ファイルをこの端末で表示する",
		Long: `Shows a sealed file in a page on this computer alone. The browser asks you to confirm in the console; the core
then gives out the key, if the file is for you, on this computer, and has neither expired nor been revoked. Each
opening is recorded. Nothing is written to the disk, and without the core nothing opens.

封印ファイルをこの端末の中だけの画面に表示します。ブラウザーの画面で確認すると、本人・この端末・期限内の場合に
だけ鍵が渡されます。開くたびに記録されます。ディスクには何も書きません。`,
		Example: "  genbo-agent open genbo-abc.genbo --core https://genbo.example --cert pc.pem --key pc.key --ca ca.pem",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			show := browse
			if quiet {
				show = func(string) error { return nil }
			}
			return open(cmd.Context(), args[0], c, stdout, show)
		},
	}
	flags := cmd.Flags()
	c.flags(flags)
	flags.BoolVar(&quiet, "no-browser", false, "only print the address to open / アドレスの表示だけ")
	return cmd
}

// secret returns a secret of 43 letters.
func secret() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// open shows a file until it is closed.
func open(ctx context.Context, path string, c core, stdout io.Writer, show func(address string) error) error {
	client, err := c.client()
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	stanza, err := sealed.ReadStanza(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on this computer: %w", err)
	}
	verifier, state := secret(), secret()
	var failed error
	pages, err := viewer.New(listener.Addr().String(), state, func(ctx context.Context, code string) (viewer.Shown, error) {
		shown, err := unsealed(ctx, client, c.address, file, info.Size(), stanza, code, verifier)
		failed = err
		return shown, err
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	address := confirmAddress(c.address, stanza, listener.Addr().(*net.TCPAddr).Port, state, verifier)
	fmt.Fprintf(stdout, "Confirm in the console / 画面で確認してください:\n  %s\n", address)
	if err := show(address); err != nil {
		fmt.Fprintln(stdout, "The browser did not start: open the address yourself. / ブラウザーが開きません。上のアドレスを開いてください。")
	}
	if err := serve(ctx, listener, pages); err != nil {
		return err
	}
	return failed
}

// serve answers until the viewer or ctx ends.
func serve(ctx context.Context, listener net.Listener, pages *viewer.Viewer) error {
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("show the file: %w", err)
	case <-ctx.Done():
		pages.Close()
	case <-pages.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return server.Shutdown(last)
}

// confirmAddress is the page of the console that asks the user to confirm (RFC 8252, with RFC 7636's challenge).
func confirmAddress(core string, s sealed.Stanza, port int, state, verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return core + "/extracts/open?" + url.Values{"extract": {s.Extract}, "seal": {s.Seal}, "port": {strconv.Itoa(port)}, "state": {state},
		"challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}.Encode()
}

// unsealed asks the core for the file's key and opens the file with it.
func unsealed(ctx context.Context, client *http.Client, address string, file io.ReaderAt, size int64, s sealed.Stanza, code, verifier string) (viewer.Shown, error) {
	o, err := askCore(ctx, client, address, s, code, verifier)
	if err != nil {
		return viewer.Shown{}, err
	}
	core, err := note.NewVerifier(o.Verifier)
	if err != nil {
		return viewer.Shown{}, fmt.Errorf("the core's key does not read: %w", err)
	}
	view, err := sealed.NewView(file, size, s, o.FileKey, core)
	if err != nil {
		return viewer.Shown{}, err
	}
	return viewer.Shown{View: view, Name: o.Name, Device: o.Device, At: o.OpenedAt, ExpiresAt: o.ExpiresAt}, nil
}

// browse starts the user's browser.
func browse(address string) error {
	switch runtime.GOOS {
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", address).Start()
	case "darwin":
		return exec.Command("open", address).Start()
	}
	return exec.Command("xdg-open", address).Start()
}
