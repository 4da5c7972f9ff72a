package main

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestVersion(t *testing.T) {
	var text bytes.Buffer
	if err := run(context.Background(), []string{"version"}, &text); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text.String(), "genbo-agent ") || !strings.Contains(text.String(), runtime.Version()) {
		t.Errorf("version says %q, want the program's and Go's version", text.String())
	}

	var asJSON bytes.Buffer
	if err := run(context.Background(), []string{"version", "--json"}, &asJSON); err != nil {
		t.Fatal(err)
	}
	var v version
	if err := json.Unmarshal(asJSON.Bytes(), &v); err != nil {
		t.Fatalf("version --json is not JSON: %v", err)
	}
	if v.Version == "" || v.OS != runtime.GOOS || v.Arch != runtime.GOARCH {
		t.Errorf("version --json = %+v", v)
	}
}

func TestUnknownCommandIsAnError(t *testing.T) {
	for _, args := range [][]string{{"open"}, {"version", "extra"}, {"version", "--xml"}} {
		if err := run(context.Background(), args, &bytes.Buffer{}); err == nil {
			t.Errorf("genbo-agent %s: no error", strings.Join(args, " "))
		}
	}
}
