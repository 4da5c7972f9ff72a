package htmlcheck

import (
	"iter"
	"strings"

	"golang.org/x/net/html"
)

// elements yields the elements under n, n's own not among them.
func elements(n *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for child := range n.Descendants() {
			if child.Type == html.ElementNode && !yield(child) {
				return
			}
		}
	}
}

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func parent(n *html.Node, name string) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == name {
			return p
		}
	}
	return nil
}

// words is the text within n without blanks around.
func words(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// name is what a screen reader calls n, near enough.
func (c *checker) name(n *html.Node) string {
	if label := get(n, "aria-label"); label != "" {
		return label
	}
	if by := c.ids[get(n, "aria-labelledby")]; by != nil {
		return words(by)
	}
	if own := words(n); own != "" {
		return own
	}
	for child := range elements(n) {
		if alt := get(child, "alt"); alt != "" {
			return alt
		}
	}
	return ""
}
