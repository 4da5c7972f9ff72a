package genbo_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// neverInAgent is what no office computer may hold: whoever takes one apart must find no way into the register.
var neverInAgent = []string{
	"genbo/internal/base/db",
	"genbo/internal/base/vault",
	"genbo/internal/record",
	"modernc.org/sqlite",
	"github.com/jackc/pgx/v5",
	"github.com/tink-crypto/tink-go/v2",
}

func TestAgentLinksNoRegister(t *testing.T) {
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, p := range goList(t, []string{"GOOS=" + system, "CGO_ENABLED=0"}, "-deps", "./cmd/genbo-agent") {
			for _, never := range neverInAgent {
				if within(p.ImportPath, never) {
					t.Errorf("genbo-agent for %s links %s: it may hold nothing of %s", system, p.ImportPath, never)
				}
			}
		}
	}
	// A forbidden name that exists no more would guard nothing.
	exists := goList(t, nil, "-deps", "./internal/...")
	for _, never := range neverInAgent {
		if !anyWithin(exists, never) {
			t.Errorf("no package uses %s any more: was it renamed? Put the new name into this test", never)
		}
	}
}

func TestProgramsLinkNoTestCode(t *testing.T) {
	for _, p := range goList(t, nil, "-deps", "./cmd/...") {
		if p.ImportPath == "testing" || strings.HasSuffix(p.ImportPath, "test") && local(p.ImportPath) != "" {
			t.Errorf("a program links %s: only tests may", p.ImportPath)
		}
	}
}

func within(importPath, dir string) bool {
	return importPath == dir || strings.HasPrefix(importPath, dir+"/")
}

func anyWithin(list []listed, dir string) bool {
	for _, p := range list {
		if within(p.ImportPath, dir) {
			return true
		}
	}
	return false
}

// A licence is known by words that stand in it and in no other.
var licences = []struct {
	name, words string
	permissive  bool
}{
	{"AGPL", "GNU AFFERO GENERAL PUBLIC LICENSE", false},
	{"LGPL", "GNU LESSER GENERAL PUBLIC LICENSE", false},
	{"GPL", "GNU GENERAL PUBLIC LICENSE", false},
	{"BUSL", "Business Source License", false},
	{"SSPL", "Server Side Public License", false},
	{"Elastic", "Elastic License", false},
	{"MPL", "Mozilla Public License", false},
	{"Apache-2.0", "Apache License Version 2.0", true},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy", true},
	{"BSD", "Redistribution and use in source and binary forms", true},
	{"CC0-1.0", "CC0 1.0 Universal", true},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose", true},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose", true},
}

// TestLicences: all that the programs link is permissive, and NOTICE names it.
func TestLicences(t *testing.T) {
	linked := map[string]string{} // module → licence
	for _, system := range []string{"linux", "windows", "darwin"} {
		for _, p := range goList(t, []string{"GOOS=" + system, "CGO_ENABLED=0"}, "-deps", "./cmd/...") {
			if p.Module != nil && p.Module.Path != "genbo" && linked[p.Module.Path] == "" {
				linked[p.Module.Path] = licence(t, p.Module.Path, p.Module.Dir)
			}
		}
	}
	var want []string
	for module, name := range linked {
		want = append(want, module+" ("+name+")")
	}
	slices.Sort(want)

	notice, err := os.ReadFile("NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	if got := noticeLine.FindAllString(string(notice), -1); !slices.Equal(got, want) {
		t.Errorf("NOTICE must name the modules that the programs link, and no others:\n%s", strings.Join(want, "\n"))
	}
}

var noticeLine = regexp.MustCompile(`(?m)^\S+\.\S+ \(\S+\)$`)

// licence names the licence of the module in dir. A module with two of them is judged by the stricter.
func licence(t *testing.T, module, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	for _, e := range entries {
		if !licenceFile.MatchString(e.Name()) || e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.ToLower(strings.Join(strings.Fields(string(text)), " "))
		for _, l := range licences {
			if !strings.Contains(plain, strings.ToLower(l.words)) {
				continue
			}
			if !l.permissive {
				t.Errorf("%s has the licence %s (%s), which is not permissive: use another module", module, l.name, e.Name())
			}
			if found == "" {
				found = l.name
			}
			break
		}
	}
	if found == "" {
		t.Errorf("%s has no licence that this test knows: read it, and add its words here if it is permissive", module)
	}
	return found
}

// A module's own licence; lists of others' licences are of modules that are looked at themselves.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)(\.txt|\.md)?$`)
