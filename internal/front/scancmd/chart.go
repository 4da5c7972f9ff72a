package scancmd

import (
	"cmp"
	"math"
	"slices"

	"genbo/internal/work/scan"
)

// bar is a group's cases by state, in hundredths of the widest bar.
type bar struct{ Open, Weak, Locked, WeakAt, LockedAt float64 }

func barOf(g scan.Group, most int) bar {
	part := func(n int) float64 { return round(100 * float64(n) / float64(max(most, 1))) }
	b := bar{Open: part(g.Unprotected), Weak: part(g.Weak), Locked: part(g.Locked)}
	b.WeakAt, b.LockedAt = b.Open, round(b.Open+b.Weak)
	return b
}

func round(x float64) float64 { return math.Round(100*x) / 100 }

// square is one of the hundred that stand for all files.
type square struct {
	X, Y  int
	State string
}

// squares shares a hundred squares out among counts, by the largest remainders. What is there at all has one at least: a
// single locked file among thousands is to be seen.
func squares(counts []int, states []string) []square {
	all := 0
	for _, n := range counts {
		all += n
	}
	if all == 0 {
		return nil
	}
	shares, rest, left := make([]int, len(counts)), make([]float64, len(counts)), 100
	for i, n := range counts {
		exact := 100 * float64(n) / float64(all)
		shares[i] = int(exact)
		if rest[i] = exact - float64(shares[i]); n > 0 && shares[i] == 0 {
			shares[i], rest[i] = 1, 0
		}
		left -= shares[i]
	}
	for ; left > 0; left-- {
		i := slices.Index(rest, slices.Max(rest))
		shares[i], rest[i] = shares[i]+1, 0
	}
	for ; left < 0; left++ {
		shares[slices.Index(shares, slices.Max(shares))]--
	}
	var list []square
	for i, n := range shares {
		for range n {
			at := len(list)
			list = append(list, square{24 * (at % 20), 24 * (at / 20), states[i]})
		}
	}
	return list
}

// tile is a rectangle of a map whose areas are cases.
type tile struct {
	X, Y, W, H float64
	Name, Full string
	Cases      int
	State      string
}

// tiles lays a map out in rows that are as near to squares as can be (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000). The
// tiles come in with Cases, the greatest first.
func tiles(list []tile, width, height float64) []tile {
	sum := 0
	for _, t := range list {
		sum += t.Cases
	}
	scale := width * height / float64(max(sum, 1))
	out := slices.Clone(list)
	x, y, w, h := 0.0, 0.0, width, height
	for rest := out; len(rest) > 0; {
		side := min(w, h)
		n, area := 1, scale*float64(rest[0].Cases)
		for n < len(rest) {
			more := area + scale*float64(rest[n].Cases)
			if worst(rest[:n+1], more, side, scale) > worst(rest[:n], area, side, scale) {
				break
			}
			n, area = n+1, more
		}
		thick := area / max(side, 1e-9)
		along := 0.0
		for i := range rest[:n] {
			long := scale * float64(rest[i].Cases) / max(thick, 1e-9)
			if t := &rest[i]; w >= h {
				t.X, t.Y, t.W, t.H = round(x), round(y+along), round(thick), round(long)
			} else {
				t.X, t.Y, t.W, t.H = round(x+along), round(y), round(long), round(thick)
			}
			along += long
		}
		if w >= h {
			x, w = x+thick, max(w-thick, 0)
		} else {
			y, h = y+thick, max(h-thick, 0)
		}
		rest = rest[n:]
	}
	return out
}

// worst is the greatest ratio of a row's sides.
func worst(row []tile, area, side, scale float64) float64 {
	thick, most := area/max(side, 1e-9), 0.0
	for _, t := range row {
		long := scale * float64(t.Cases) / max(thick, 1e-9)
		most = max(most, thick/max(long, 1e-9), long/max(thick, 1e-9))
	}
	return most
}

// upright is a column of a chart of years.
type upright struct {
	X, W, Mid     float64
	Y, H          float64 // what is open or weak
	LockedY, LowH float64 // what is locked, on top
	Label         string
	Cases         int
}

// uprights lays columns out in a chart, within a width and a height.
func uprights(labels []string, groups []scan.Group, width, height float64) []upright {
	most := 1
	for _, g := range groups {
		most = max(most, g.Cases())
	}
	step := width / float64(max(len(groups), 1))
	list := make([]upright, len(groups))
	for i, g := range groups {
		w := min(step*0.7, 48)
		u := upright{X: round(float64(i)*step + (step-w)/2), W: round(w), Mid: round((float64(i) + 0.5) * step), Label: labels[i], Cases: g.Cases()}
		u.H = round(height * float64(g.Unprotected+g.Weak) / float64(most))
		u.LowH = round(height * float64(g.Locked) / float64(most))
		u.Y, u.LockedY = round(height-u.H), round(height-u.H-u.LowH)
		list[i] = u
	}
	return list
}

// LabelY is where the number above a column stands.
func (u upright) LabelY() float64 { return u.LockedY - 8 }

// byCases orders tiles for the map.
func byCases(list []tile) {
	slices.SortStableFunc(list, func(a, b tile) int { return cmp.Compare(b.Cases, a.Cases) })
}
