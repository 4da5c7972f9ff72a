package page

import (
	"net/http"
	"strings"
)

// Site is what is the same on every page of one running Genbo.
type Site struct {
	Build     string // version shown at the foot of the page
	HelpPhone string // telephone of the help desk, "" for none
	Demo      bool   // marks every page as a demonstration with invented people

	// Around tells what stands around the page that answers the request. Nil means nobody is ever signed in.
	Around func(*http.Request) Around
}

// Around is the part of the frame that depends on who asks.
type Around struct {
	Staff *Staff    // who is signed in, nil for nobody
	Nav   []NavItem // the main sections, for someone signed in
	Alert *Notice   // the emergency banner over every page, nil for none
}

// Staff is who is signed in, as the header shows him.
type Staff struct {
	Name   string
	Roles  []string // keys of messages
	Office string   // name of the office
}

// NavItem is a main section of the console.
type NavItem struct {
	Href    string
	Label   string // key of a message
	Count   int    // how many things wait there; 0 shows nothing
	Current bool   // set by the Renderer: the page lies under Href
}

// Kind gives notices and statuses their colour, always together with words.
type Kind string

// The kinds.
const (
	Info    Kind = "info"
	Success Kind = "success"
	Warning Kind = "warning"
	Danger  Kind = "danger"
	Quiet   Kind = "quiet"
)

// Notice is a message in a box: over the page's content, or as the emergency banner.
type Notice struct {
	Kind  Kind
	Title Text
	Body  Text // may be zero
	Link  *Link
}

// Frame is embedded in the view of every page. A handler sets the first block; the Renderer sets the rest.
type Frame struct {
	Title  Text    // names the page in its tab and in the browser's history; never personal data
	Crumbs []Link  // the way here, without the page itself
	Notice *Notice // what has just happened
	Errors Faults  // what must be mended in the form of this page
	Wide   bool    // uses the whole width, for wide tables

	Around
	Site  *Site
	Lang  Lang
	Other Link // this page in the other language
}

// View is a pointer to a struct that embeds [Frame].
type View interface{ frame() *Frame }

func (f *Frame) frame() *Frame { return f }

// fill sets what the Renderer knows.
func (f *Frame) fill(site *Site, r *http.Request, lang Lang) {
	f.Site, f.Lang = site, lang
	f.Other = Link{Href: switchHref(lang.other(), r), Text: lang.other().name()}
	if site.Around == nil {
		return
	}
	f.Around = site.Around(r)
	f.Nav = markCurrent(f.Nav, r.URL.Path)
}

// markCurrent returns a copy of nav in which the section with the longest address over path is current.
func markCurrent(nav []NavItem, path string) []NavItem {
	nav = append([]NavItem(nil), nav...)
	best := -1
	for i, n := range nav {
		under := path == n.Href || strings.HasPrefix(path, strings.TrimSuffix(n.Href, "/")+"/") && n.Href != "/"
		if under && (best < 0 || len(n.Href) > len(nav[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		nav[best].Current = true
	}
	return nav
}
