package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed templates messages static
var own embed.FS

// Renderer writes pages. It is safe for concurrent use.
type Renderer struct {
	site     Site
	messages Messages
	assets   *assets
	pages    map[Lang]map[string]*template.Template
	log      *slog.Logger
}

// New returns a renderer for the pages of fsys: templates/<page>.html each define "main" and may use what
// templates/part/*.html define; messages/ and static/ are added to the package's own.
func New(site Site, log *slog.Logger, fsys fs.FS) (*Renderer, error) {
	messages, err := LoadMessages(own, fsys)
	if err != nil {
		return nil, err
	}
	files, err := loadAssets(own, fsys)
	if err != nil {
		return nil, err
	}
	r := &Renderer{site: site, messages: messages, assets: files, log: log, pages: map[Lang]map[string]*template.Template{}}
	for _, lang := range Langs {
		if r.pages[lang], err = parse(voice{lang, messages}.funcs(files), fsys); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// parse returns the template of every page by its name, each with layout and parts.
func parse(funcs template.FuncMap, fsys fs.FS) (map[string]*template.Template, error) {
	base, err := template.New("layout").Funcs(funcs).ParseFS(own, "templates/part/*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing parts: %w", err)
	}
	if parts, _ := fs.Glob(fsys, "templates/part/*.html"); len(parts) > 0 {
		if base, err = base.ParseFS(fsys, parts...); err != nil {
			return nil, fmt.Errorf("parsing parts: %w", err)
		}
	}
	pages := map[string]*template.Template{}
	for _, from := range []fs.FS{own, fsys} {
		files, err := fs.Glob(from, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("listing pages: %w", err)
		}
		for _, file := range files {
			one, err := template.Must(base.Clone()).ParseFS(from, file)
			if err != nil {
				return nil, fmt.Errorf("parsing page: %w", err)
			}
			pages[strings.TrimSuffix(path.Base(file), ".html")] = one.Lookup("layout")
		}
	}
	return pages, nil
}

// Template returns the template of a page, for tests that check it against the type of its view; nil if
// there is no such page.
func (r *Renderer) Template(name string) *template.Template { return r.pages[Japanese][name] }

// Messages returns all sentences, for what speaks to people outside of a page.
func (r *Renderer) Messages() Messages { return r.messages }

// Render answers with a page. It first fills the frame of the view.
func (r *Renderer) Render(w http.ResponseWriter, req *http.Request, status int, name string, view View) {
	if err := r.write(w, req, status, name, view); err != nil {
		r.Error(w, req, fmt.Errorf("rendering page %s: %w", name, err))
	}
}

// write sends the page as a whole, or nothing.
func (r *Renderer) write(w http.ResponseWriter, req *http.Request, status int, name string, view View) error {
	lang := LangOf(req)
	page, ok := r.pages[lang][name]
	if !ok {
		return fmt.Errorf("no page %q", name)
	}
	f := view.frame()
	f.fill(&r.site, req, lang)
	if f.Notice == nil {
		f.Notice = r.takeNotice(w, req)
	}
	var b bytes.Buffer
	if err := page.Execute(&b, view); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if req.Method != http.MethodHead {
		_, _ = b.WriteTo(w)
	}
	return nil
}

// noticeCookie carries the key of a notice over one redirect. Only keys that begin so are believed.
const (
	noticeCookie = "notice"
	noticePrefix = "notice."
)

// Done leads on after a form has done its work (see other) and has the next page say notice, a key "notice.…".
func (r *Renderer) Done(w http.ResponseWriter, req *http.Request, to, notice string) {
	http.SetCookie(w, &http.Cookie{
		Name: noticeCookie, Value: notice, Path: "/", MaxAge: int(time.Minute.Seconds()),
		HttpOnly: true, Secure: req.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	http.Redirect(w, req, LocalPath(to), http.StatusSeeOther)
}

func (r *Renderer) takeNotice(w http.ResponseWriter, req *http.Request) *Notice {
	c, err := req.Cookie(noticeCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(w, &http.Cookie{
		Name: noticeCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: req.TLS != nil, SameSite: http.SameSiteStrictMode,
	})
	if !strings.HasPrefix(c.Value, noticePrefix) || !r.messages.Has(c.Value) {
		return nil
	}
	return &Notice{Kind: Success, Title: Say(c.Value)}
}
