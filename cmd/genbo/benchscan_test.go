package main

import (
	"bytes"
	"encoding/json"
	"testing"
)

// TestBenchScan scans an invented share that nobody has looked at while building, and holds what it finds against the truth. A share
// so small has a few papers of each kind; the targets are those of a large one, less what one paper weighs.
func TestBenchScan(t *testing.T) {
	var out, errs bytes.Buffer
	a := &app{out: &out, err: &errs, json: true, dir: t.TempDir()}
	if err := a.runBenchScan(t.Context(), benchScanFlags{files: 150, rows: 40, seed: 2015}); err != nil {
		t.Fatal(err, errs.String())
	}
	got := map[string]float64{}
	for dec := json.NewDecoder(&out); dec.More(); {
		var f figure
		if err := dec.Decode(&f); err != nil {
			t.Fatal(err)
		}
		got[f.Name] = f.Value
	}
	for name, least := range map[string]float64{"precision_number": 0.998, "f1_number": 0.99, "f1_name": 0.97, "f1_birth": 0.99, "f1_address": 0.97, "f1_fieldset": 0.98, "locked_accuracy": 1} {
		if got[name] < least {
			t.Errorf("%s is %.4f, at least %.3f is wanted", name, got[name], least)
		}
	}
}
