package page

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Lang is a language of the pages.
type Lang string

// The languages. Japanese comes first: it is what a browser gets that asks for neither and for none near English.
const (
	Japanese Lang = "ja"
	English  Lang = "en"
)

// Langs are all languages.
var Langs = []Lang{Japanese, English}

var matcher = language.NewMatcher([]language.Tag{language.Japanese, language.English})

const langCookie = "lang"

// LangOf returns the language for a request: what the reader chose, else what the browser asks for.
func LangOf(r *http.Request) Lang {
	if c, err := r.Cookie(langCookie); err == nil {
		if l := Lang(c.Value); l.known() {
			return l
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return Japanese
	}
	_, i, _ := matcher.Match(wanted...)
	return Langs[i]
}

func (l Lang) known() bool { return l == Japanese || l == English }

func (l Lang) other() Lang {
	if l == Japanese {
		return English
	}
	return Japanese
}

// name is the language's own name, as the switch shows it to someone who reads no other.
func (l Lang) name() string {
	if l == Japanese {
		return "日本語"
	}
	return "English"
}

// switchHref is the address that changes to lang and comes back. After a form was sent the page has no
// address of its own; the reader comes back to the form.
func switchHref(lang Lang, r *http.Request) string {
	return "/lang?" + url.Values{"to": {string(lang)}, "back": {r.URL.RequestURI()}}.Encode()
}

// SwitchLanguage answers /lang?to=en&back=/people: it remembers the language for a year and goes back.
func SwitchLanguage(w http.ResponseWriter, r *http.Request) {
	if to := Lang(r.FormValue("to")); to.known() {
		http.SetCookie(w, &http.Cookie{
			Name: langCookie, Value: string(to), Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
	}
	http.Redirect(w, r, LocalPath(r.FormValue("back")), http.StatusSeeOther)
}

// LocalPath returns s if it is an address within this site, path and query, and "/" if it is anything
// else. A browser reads "//host" and "/\host" as another site, and drops tabs and line ends first.
func LocalPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.Opaque != "" || !strings.HasPrefix(s, "/") ||
		strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\t\r\n\x00") || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return s
}

// Locale is the language of a terminal: Japanese where the locale says so. getenv is os.Getenv.
func Locale(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(v, "ja") {
				return Japanese
			}
			return English
		}
	}
	return English
}
