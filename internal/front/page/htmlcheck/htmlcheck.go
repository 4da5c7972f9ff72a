package htmlcheck

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// checker walks one page.
type checker struct {
	problems []string
	ids      map[string]*html.Node
	labels   map[string]bool // ids that a label is for
	counts   map[string]int  // elements of the whole page
	level    int             // of the heading before
	title    string
}

// Page returns what is wrong with the HTML of a whole page, nothing if all is well.
func Page(r io.Reader) ([]string, error) {
	doc, err := html.Parse(r)
	if err != nil {
		return nil, fmt.Errorf("parsing page: %w", err)
	}
	c := &checker{ids: map[string]*html.Node{}, labels: map[string]bool{}, counts: map[string]int{}}
	for n := range elements(doc) {
		c.gather(n)
	}
	for n := range elements(doc) {
		c.attributes(n)
		c.element(n)
	}
	c.whole()
	return c.problems, nil
}

func (c *checker) say(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *checker) gather(n *html.Node) {
	c.counts[n.Data]++
	if id := get(n, "id"); id != "" {
		if c.ids[id] != nil {
			c.say("id %q is there twice", id)
		}
		c.ids[id] = n
	}
	if n.Data == "label" {
		c.labels[get(n, "for")] = true
	}
	if n.Data == "title" && c.title == "" {
		c.title = words(n)
	}
}

func (c *checker) whole() {
	for _, name := range []string{"title", "h1", "main"} {
		if c.counts[name] != 1 {
			c.say("%d elements %s, want one", c.counts[name], name)
		}
	}
	if c.title == "" {
		c.say("the title is empty")
	}
}

// attributes checks what any element may carry.
func (c *checker) attributes(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
			c.say("%s has %s=", n.Data, a.Key)
		case slices.Contains([]string{"for", "aria-labelledby", "aria-describedby", "aria-controls"}, a.Key):
			for id := range strings.FieldsSeq(a.Val) {
				if c.ids[id] == nil {
					c.say("%s: %s leads to no id %q", n.Data, a.Key, id)
				}
			}
		case slices.Contains([]string{"href", "src", "action", "formaction"}, a.Key):
			c.address(n, a)
		}
	}
}

func (c *checker) address(n *html.Node, a html.Attribute) {
	u, err := url.Parse(a.Val)
	switch {
	case err != nil || a.Val == "" || a.Val == "#ZgotmplZ":
		c.say("%s: %s=%q is no address", n.Data, a.Key, a.Val)
	case u.Host != "" || u.Scheme != "" && u.Scheme != "tel" && u.Scheme != "mailto":
		c.say("%s: %s=%q leads to another site", n.Data, a.Key, a.Val)
	case strings.HasPrefix(a.Val, "#") && c.ids[a.Val[1:]] == nil:
		c.say("%s: %s=%q leads nowhere on the page", n.Data, a.Key, a.Val)
	}
}

// element checks what belongs to one kind of element.
func (c *checker) element(n *html.Node) {
	switch n.Data {
	case "html":
		if get(n, "lang") == "" {
			c.say("html has no lang")
		}
	case "script":
		if get(n, "src") == "" || words(n) != "" {
			c.say("inline script")
		}
	case "style":
		c.say("inline style")
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.heading(n)
	case "input", "select", "textarea":
		c.control(n)
	case "a", "button", "summary", "legend", "option":
		if c.name(n) == "" && get(n, "value") != "" || n.Data != "option" && c.name(n) == "" {
			c.say("%s has no name", n.Data)
		}
	case "nav", "section", "fieldset":
		c.section(n)
	case "img":
		if !has(n, "alt") {
			c.say("img has no alt")
		}
	case "table":
		c.table(n)
	case "div":
		if strings.Contains(" "+get(n, "class")+" ", " errors ") {
			c.summary(n)
		}
	}
	if get(n, "role") == "region" && c.name(n) == "" {
		c.say("region has no name")
	}
}

// heading wants the levels in order. An h2 may stand before the h1: the error summary and the emergency
// banner do.
func (c *checker) heading(n *html.Node) {
	level := int(n.Data[1] - '0')
	if level > c.level+1 && level > 2 {
		c.say("%s follows a heading of level %d", n.Data, c.level)
	}
	c.level = level
	if words(n) == "" {
		c.say("%s is empty", n.Data)
	}
}

func (c *checker) control(n *html.Node) {
	switch get(n, "type") {
	case "hidden":
		return
	case "submit", "button":
		if get(n, "value") == "" {
			c.say("input %s has no name", get(n, "type"))
		}
		return
	}
	if !c.labels[get(n, "id")] && parent(n, "label") == nil && get(n, "aria-labelledby") == "" && get(n, "aria-label") == "" {
		c.say("%s %q has no label", n.Data, get(n, "name"))
	}
	if get(n, "autofocus") != "" {
		c.say("%s %q takes the focus by itself", n.Data, get(n, "name"))
	}
}

func (c *checker) section(n *html.Node) {
	named := get(n, "aria-label") != "" || get(n, "aria-labelledby") != ""
	for child := range elements(n) {
		if strings.HasPrefix(child.Data, "h") && len(child.Data) == 2 || child.Data == "legend" {
			named = true
		}
	}
	if !named {
		c.say("%s has no name", n.Data)
	}
}

func (c *checker) table(n *html.Node) {
	captions := 0
	for child := range elements(n) {
		switch child.Data {
		case "caption":
			captions++
		case "th":
			if !slices.Contains([]string{"col", "row", "colgroup", "rowgroup"}, get(child, "scope")) {
				c.say("th %q has no scope", words(child))
			}
		}
	}
	if captions != 1 {
		c.say("table has %d captions", captions)
	}
}

// summary checks the error summary: the title says "Error:", and each link leads to a control.
func (c *checker) summary(n *html.Node) {
	if !strings.HasPrefix(c.title, "Error:") && !strings.HasPrefix(c.title, "エラー：") {
		c.say("the title does not say that there is an error")
	}
	for child := range elements(n) {
		if child.Data != "a" {
			continue
		}
		to := c.ids[strings.TrimPrefix(get(child, "href"), "#")]
		if to == nil || !slices.Contains([]string{"input", "select", "textarea"}, to.Data) {
			c.say("the error summary's link %q leads to no field", get(child, "href"))
		}
	}
}
