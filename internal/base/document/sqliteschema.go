package document

import (
	"slices"
	"strings"
)

// sqliteTable is what a table's definition says about the rows.
type sqliteTable struct {
	root    uint32
	columns []sqliteColumn
	keys    []int // the columns of the primary key, in its order
	noRowID bool  // the rows lie in the order of the primary key, whose columns come first
}

type sqliteColumn struct {
	name    string
	rowID   bool   // its value is the row's number
	virtual bool   // it is worked out when it is asked for, and is not stored
	unset   []byte // what rows have that are older than the column
}

// stored are the places of the columns in the order in which they are stored.
func (t *sqliteTable) stored() (order []int) {
	if t.noRowID {
		order = slices.Clone(t.keys)
	}
	for i, c := range t.columns {
		if !c.virtual && !(t.noRowID && slices.Contains(t.keys, i)) {
			order = append(order, i)
		}
	}
	return order
}

// sqlToken is a word, a sign, or a quoted name or text without its quotes.
type sqlToken struct {
	text   string
	quoted bool
}

func (t sqlToken) is(word string) bool { return !t.quoted && strings.EqualFold(t.text, word) }

// tableOf reads CREATE TABLE name (column, …, constraint, …) options. SQLite has read it before, so it is not checked.
func tableOf(sql string) *sqliteTable {
	t := &sqliteTable{}
	tokens := sqlTokens(sql)
	at := slices.IndexFunc(tokens, func(k sqlToken) bool { return k.is("(") })
	if at < 0 {
		return t
	}
	parts, after := splitParts(tokens[at+1:])
	var keys []string
	for _, p := range parts {
		if k, constraint := tableKeys(p); constraint {
			keys = append(keys, k...)
		} else if len(p) > 0 && len(t.columns) < mostColumns {
			keys = append(keys, t.column(p)...)
		}
	}
	for i, k := range after[:max(0, len(after)-1)] {
		t.noRowID = t.noRowID || k.is("WITHOUT") && after[i+1].is("ROWID")
	}
	for _, k := range keys {
		i := slices.IndexFunc(t.columns, func(c sqliteColumn) bool { return strings.EqualFold(c.name, k) })
		if i >= 0 && !slices.Contains(t.keys, i) {
			t.keys = append(t.keys, i)
		}
	}
	for i := range t.columns { // only a single key of whole numbers is the row's number
		t.columns[i].rowID = t.columns[i].rowID && !t.noRowID && len(t.keys) == 1 && t.keys[0] == i
	}
	return t
}

// column adds a column, and returns its name if it is the primary key.
func (t *sqliteTable) column(p []sqlToken) (key []string) {
	c := sqliteColumn{name: p[0].text, rowID: len(p) > 1 && p[1].is("INTEGER")}
	depth, stored := 0, false
	for i, k := range p[1:] {
		next := sqlToken{}
		if i+2 < len(p) {
			next = p[i+2]
		}
		switch {
		case k.is("("):
			depth++
		case k.is(")"):
			depth--
		case depth > 0:
		case k.is("PRIMARY") && next.is("KEY"):
			key = []string{c.name}
		case k.is("AS") && next.is("("):
			c.virtual = true
		case k.is("STORED"):
			stored = true
		case k.is("DEFAULT") && (next.quoted || next.text != "" && next.text[0] >= '0' && next.text[0] <= '9'):
			c.unset = []byte(next.text)
		}
	}
	c.virtual = c.virtual && !stored
	t.columns = append(t.columns, c)
	return key
}

// tableKeys are the columns of a primary key that stands apart from them, and whether the part is a constraint at all.
func tableKeys(p []sqlToken) (keys []string, constraint bool) {
	if len(p) > 2 && p[0].is("CONSTRAINT") {
		p = p[2:]
	}
	if len(p) == 0 || !slices.ContainsFunc([]string{"PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}, p[0].is) {
		return nil, false
	}
	if !p[0].is("PRIMARY") {
		return nil, true
	}
	begins := false
	for _, k := range p[1:] {
		switch {
		case k.is("("), k.is(","):
			begins = true
		case k.is(")"):
			return keys, true
		case begins:
			keys, begins = append(keys, k.text), false
		}
	}
	return keys, true
}

// splitParts cuts what stands between the parentheses at its commas, and returns what follows them too.
func splitParts(tokens []sqlToken) (parts [][]sqlToken, after []sqlToken) {
	depth, from := 0, 0
	for i, k := range tokens {
		switch {
		case k.is("("):
			depth++
		case k.is(")") && depth == 0:
			return append(parts, tokens[from:i]), tokens[i+1:]
		case k.is(")"):
			depth--
		case k.is(",") && depth == 0:
			parts, from = append(parts, tokens[from:i]), i+1
		}
	}
	return append(parts, tokens[from:]), nil
}

// sqlTokens cuts a text into words and signs.
func sqlTokens(s string) (tokens []sqlToken) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c <= ' ':
			i++
		case strings.HasPrefix(s[i:], "--"):
			i += endOf(s[i:], "\n")
		case strings.HasPrefix(s[i:], "/*"):
			i += endOf(s[i:], "*/")
		case c == '[':
			n := endOf(s[i:], "]")
			tokens = append(tokens, sqlToken{strings.Trim(s[i:i+n], "[]"), true})
			i += n
		case c == '\'' || c == '"' || c == '`':
			text, n := unquoted(s[i:])
			tokens = append(tokens, sqlToken{text, true})
			i += n
		case strings.IndexByte("(),;=<>+-*/|.", c) >= 0:
			tokens = append(tokens, sqlToken{s[i : i+1], false})
			i++
		default:
			n := strings.IndexAny(s[i:], " \t\r\n\f(),;=<>+-*/|'\"`[")
			if n <= 0 {
				n = len(s) - i
			}
			tokens = append(tokens, sqlToken{s[i : i+n], false})
			i += n
		}
	}
	return tokens
}

func endOf(s, end string) int {
	if n := strings.Index(s[1:], end); n >= 0 {
		return 1 + n + len(end)
	}
	return len(s)
}

// unquoted reads a quoted name or text, in which a quote is written twice.
func unquoted(s string) (string, int) {
	quote := s[0]
	var text []byte
	for n := 1; n < len(s); n++ {
		if s[n] == quote {
			if n+1 == len(s) || s[n+1] != quote {
				return string(text), n + 1
			}
			n++
		}
		text = append(text, s[n])
	}
	return string(text), len(s)
}
