package main

import (
	"regexp"
	"strings"
)

// Towns kept of one municipality, spread evenly over its list. A rural one has as many names of places as a
// city and a fraction of its people, so the smaller share stands for fewer people.
const (
	ofCity    = 120
	ofVillage = 20
)

var (
	entry = regexp.MustCompile(`^(\d{7}) /(.*)/$`)
	// Not towns: storeys of towers, Kyoto's directions by crossing, remarks.
	notTown = regexp.MustCompile(`階|通.*(上る|下る|入|角)|その他|[（）、～]`)
	// A municipality stands alone under a code ending in 00, "where none of the following fits".
	municipality = regexp.MustCompile(`^\d{5}00 /([^/]{5,}[市区町村])/$`)
)

type town struct{ code, name string }

// townList returns, for each municipality, a line "=北海道札幌市北区" and its towns as "0010010 北十条西",
// one town for a postal code.
func townList(lines []string) (list []string) {
	known := map[string]bool{}
	for _, line := range lines {
		if m := municipality.FindStringSubmatch(line); m != nil {
			known[m[1]] = true
		}
	}
	var order []string
	towns := map[string][]town{}
	for _, line := range lines {
		city, t, ok := parseTown(line, known)
		if !ok {
			continue
		}
		if towns[city] == nil {
			order = append(order, city)
		}
		towns[city] = append(towns[city], t)
	}
	for _, city := range order {
		limit := ofCity
		if strings.HasSuffix(city, "町") || strings.HasSuffix(city, "村") {
			limit = ofVillage
		}
		all := towns[city]
		kept := min(limit, len(all))
		list = append(list, "="+city)
		for i := range kept {
			t := all[i*len(all)/kept]
			list = append(list, t.code+" "+t.name)
		}
	}
	return list
}

// parseTown returns the first address of a postal code that names a town, cut behind its municipality: the
// shortest known one that it begins with.
func parseTown(line string, known map[string]bool) (city string, t town, ok bool) {
	m := entry.FindStringSubmatch(line)
	if m == nil {
		return "", town{}, false
	}
	for address := range strings.SplitSeq(m[2], "/") {
		if notTown.MatchString(address) || !writable(address) {
			continue
		}
		for i := range address {
			if i > 0 && known[address[:i]] {
				return address[:i], town{m[1], address[i:]}, true
			}
		}
	}
	return "", town{}, false
}
