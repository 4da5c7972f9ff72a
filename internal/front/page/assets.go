package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// assets are the files under /static/, each under a name that holds the hash of its content.
type assets struct {
	hashed map[string]string // console.css -> console.0123456789ab.css
	files  map[string][]byte // by hashed name
}

func loadAssets(fsys ...fs.FS) (*assets, error) {
	a := &assets{hashed: map[string]string{}, files: map[string][]byte{}}
	for _, f := range fsys {
		names, err := fs.Glob(f, "static/*")
		if err != nil {
			return nil, fmt.Errorf("listing static files: %w", err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(f, name)
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", name, err)
			}
			sum := sha256.Sum256(b)
			base, ext := path.Base(name), path.Ext(name)
			hashed := strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:6]) + ext
			if _, twice := a.hashed[base]; twice {
				return nil, fmt.Errorf("static file %s is there twice", base)
			}
			a.hashed[base], a.files[hashed] = hashed, b
		}
	}
	return a, nil
}

// href is the address of a static file.
func (a *assets) href(name string) (string, error) {
	hashed, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return "/static/" + hashed, nil
}

// Static serves the files under /static/. Browsers may keep them for a year: another content has another name.
func (r *Renderer) Static() http.Handler {
	return http.StripPrefix("/static/", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, ok := r.assets.files[req.URL.Path]
		if !ok {
			http.NotFound(w, req)
			return
		}
		h := w.Header()
		h.Set("Content-Type", mime.TypeByExtension(path.Ext(req.URL.Path)))
		h.Set("Content-Length", strconv.Itoa(len(b)))
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		if req.Method != http.MethodHead {
			_, _ = w.Write(b)
		}
	}))
}
