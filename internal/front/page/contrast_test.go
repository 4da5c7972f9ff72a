package page

import (
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strings"
	"testing"
)

// colours reads the custom properties of the style sheets that are colours, following var().
func colours(t *testing.T) map[string][3]float64 {
	t.Helper()
	raw := map[string]string{}
	property := regexp.MustCompile(`(--[a-z0-9-]+):\s*([^;]+);`)
	for _, name := range []string{"tokens.css", "console.css"} {
		b, err := fs.ReadFile(own, "static/"+name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range property.FindAllStringSubmatch(string(b), -1) {
			raw[m[1]] = strings.TrimSpace(m[2])
		}
	}
	reference := regexp.MustCompile(`^var\((--[a-z0-9-]+)`)
	out := map[string][3]float64{}
	for name := range raw {
		value := raw[name]
		for range 10 {
			if m := reference.FindStringSubmatch(value); m != nil {
				value = raw[m[1]]
			}
		}
		var r, g, b int
		if _, err := fmt.Sscanf(strings.ToLower(value), "#%02x%02x%02x", &r, &g, &b); err == nil {
			out[name] = [3]float64{float64(r), float64(g), float64(b)}
		}
	}
	return out
}

// luminance is WCAG's relative luminance.
func luminance(c [3]float64) float64 {
	var l [3]float64
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			l[i] = v / 12.92
		} else {
			l[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*l[0] + 0.7152*l[1] + 0.0722*l[2]
}

func contrast(a, b [3]float64) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// TestContrast computes the contrast of the pairs that the console sets text in (WCAG 2.2: 4.5, lines 3).
func TestContrast(t *testing.T) {
	c := colours(t)
	for _, pair := range []struct {
		front, back string
		least       float64
	}{
		{"--ink", "--paper", 4.5},
		{"--ink", "--paper-tint", 4.5},
		{"--ink-soft", "--paper", 4.5},
		{"--ink-soft", "--paper-tint", 4.5},
		{"--ink-faint", "--paper", 4.5},
		{"--key", "--paper", 4.5},
		{"--key-hover", "--paper", 4.5},
		{"--key-active", "--paper", 4.5},
		{"--key", "--key-tint", 4.5},
		{"--ink", "--key-tint", 4.5},
		{"--paper", "--key", 4.5},
		{"--paper", "--key-hover", 4.5},
		{"--paper", "--wrong", 4.5},
		{"--wrong", "--paper", 4.5},
		{"--wrong", "--wrong-tint", 4.5},
		{"--ink", "--wrong-tint", 4.5},
		{"--ink", "--focus", 4.5},
		{"--line-firm", "--paper", 3},
	} {
		front, ok1 := c[pair.front]
		back, ok2 := c[pair.back]
		if !ok1 || !ok2 {
			t.Errorf("%s on %s: no such colour", pair.front, pair.back)
			continue
		}
		if got := contrast(front, back); got < pair.least {
			t.Errorf("%s on %s has a contrast of %.2f, want %.1f", pair.front, pair.back, got, pair.least)
		}
	}
}
