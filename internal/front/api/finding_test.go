package api_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"genbo"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// counted is a report as an agent sends it.
func counted(scan string) object {
	return object{"scan": strings.Repeat(scan, 32), "begun": "2026-04-01T09:00:00+09:00", "ended": "2026-04-01T10:00:00Z", "kind": "full", "complete": true,
		"files": 949, "bytes": 1 << 30, "unread": 0, "persons": 1250000,
		"fields": []object{{"set": "NAB", "open": 3, "weak": 1, "locked": 9, "persons": 12}}, "copies": []object{{"extract": "abcdefghijkl", "cases": 2}}, "agent": "v1.2.3"}
}

// TestFindings: an agent reports with the certificate of its device and no session, and is told nothing of anybody.
func TestFindings(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		s := serve(t, h)
		agent := caller{server: s}
		by := journal.Actor{Staff: "security1"}
		if err := h.Findings.Place(t.Context(), by, housetest.Device, "0101", "set up"); err != nil {
			t.Fatal(err)
		}
		got := agent.post("/findings", counted("a")).want(t, http.StatusOK)
		if got.at("limit") != 0.0 || got.at("received") == nil || len(got.body) != 2 {
			t.Errorf("answered %s", got.text)
		}
		if again := agent.post("/findings", counted("a")).want(t, http.StatusOK); again.text != got.text {
			t.Errorf("answered otherwise the second time: %s, %s", got.text, again.text)
		}
		other := counted("a")
		other["files"] = 950
		agent.post("/findings", other).problem(t, http.StatusConflict, "conflict")
		due := genbo.DateOf(h.DB.Now().In(genbo.Japan)).AddDays(5)
		if err := h.Findings.Ask(t.Context(), by, "0101", due, "seal"); err != nil {
			t.Fatal(err)
		}
		got = agent.post("/findings", counted("b")).want(t, http.StatusOK)
		text, _ := got.at("due").(string)
		if end, err := time.Parse(time.RFC3339, text); err != nil || !end.Equal(due.AddDays(1).Time().Add(-9*time.Hour)) {
			t.Errorf("due %s, want the end of %s in Japan", text, due)
		}
		if o, err := h.Findings.Office(t.Context(), "0101"); err != nil || o.Unprotected != 4 || o.List[0].Agent != "v1.2.3" {
			t.Errorf("office: %+v, %v", o, err)
		}
	})
}

func TestFindingsRefused(t *testing.T) {
	h := housetest.New(t, house.Options{})
	agent := caller{server: serve(t, h)}
	for name, c := range map[string]struct {
		spoil object
		field string
	}{
		"a name":               {object{"name": "x"}, "name"},
		"negative files":       {object{"files": -1}, "files"},
		"absurd files":         {object{"files": 9e15}, "files"},
		"half a file":          {object{"files": 1.5}, "files"},
		"no time":              {object{"begun": "yesterday"}, "begun"},
		"ends before it began": {object{"ended": "2026-03-31T00:00:00Z"}, "ended"},
		"kind of its own":      {object{"kind": "some"}, "kind"},
		"letters of no field":  {object{"fields": []object{{"set": "NZ", "open": 1, "weak": 0, "locked": 0, "persons": 1}}}, "fields"},
		"a path in a set":      {object{"fields": []object{{"set": "N", "open": 1, "weak": 0, "locked": 0, "persons": 1, "path": "C:/x"}}}, "fields[0].path"},
		"a list named so":      {object{"copies": []object{{"extract": "山田", "cases": 1}}}, "copies"},
		"scan too short":       {object{"scan": "ab"}, "scan"},
		"scan of no digits":    {object{"scan": strings.Repeat("z", 32)}, "scan"},
	} {
		t.Run(name, func(t *testing.T) {
			sent := counted("c")
			maps.Copy(sent, c.spoil)
			got := agent.post("/findings", sent).problem(t, http.StatusUnprocessableEntity, "invalid")
			if got.at("faults", 0, "field") != c.field {
				t.Errorf("the fault is in %v, want %s: %s", got.at("faults", 0, "field"), c.field, got.text)
			}
		})
	}
	large := counted("d")
	large["agent"] = strings.Repeat("x", 600<<10)
	agent.post("/findings", large).problem(t, http.StatusRequestEntityTooLarge, "too-long")
	if err := h.Directory.CutOff(t.Context(), journal.Actor{Staff: "security1"}, housetest.Device, "stolen"); err != nil {
		t.Fatal(err)
	}
	agent.post("/findings", counted("e")).problem(t, http.StatusForbidden, "forbidden")
}

func TestFindingsTooOften(t *testing.T) {
	h := housetest.New(t, house.Options{})
	agent := caller{server: serve(t, h)}
	for n := range 60 {
		sent := counted("0")
		sent["scan"] = strings.Repeat("0", 30) + string("0123456789abcdef"[n/16]) + string("0123456789abcdef"[n%16])
		agent.post("/findings", sent).want(t, http.StatusOK)
	}
	agent.post("/findings", counted("f")).problem(t, http.StatusTooManyRequests, "too-often")
}

// TestDeletions: an agent asks with the certificate of its device, two approvers decide on what they see, and it fetches the decision.
func TestDeletions(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		s := serve(t, h)
		agent := caller{server: s}
		sent := object{"files": 3, "cases": 4711, "digest": strings.Repeat("a", 64), "reason": "no longer needed"}
		id := agent.post("/findings/deletions", sent).want(t, http.StatusOK).at("id").(string)
		if again := agent.post("/findings/deletions", sent).want(t, http.StatusOK).at("id"); again != id {
			t.Errorf("asked twice: %v and %v", id, again)
		}
		for _, c := range []struct{ voter, state string }{{"", "waiting"}, {"approver1", "waiting"}, {"approver2", "done"}} {
			if c.voter != "" {
				by := s.as(genbo.StaffID(c.voter))
				hash := by.get("/approvals/"+id).want(t, http.StatusOK).at("hash")
				by.post("/approvals/"+id+"/votes", object{"hash": hash, "verdict": "approve"}).want(t, http.StatusOK)
			}
			got := agent.get("/findings/deletions/"+id).want(t, http.StatusOK)
			if got.at("state") != c.state || got.at("files") != 3.0 || got.at("cases") != 4711.0 || got.at("digest") != strings.Repeat("a", 64) {
				t.Errorf("after %q: %s", c.voter, got.text)
			}
		}
		s.as("clerk1").post("/approvals/"+id+"/votes", object{"hash": "00", "verdict": "approve"}).problem(t, http.StatusForbidden, "forbidden")
		for name, c := range map[string]struct {
			spoil object
			field string
		}{
			"a path":            {object{"path": "C:/x"}, "path"},
			"no files":          {object{"files": 0}, "files"},
			"no digest":         {object{"digest": "x"}, "digest"},
			"upper case digest": {object{"digest": strings.Repeat("A", 64)}, "digest"},
			"no reason":         {object{"reason": " "}, "reason"},
		} {
			other := maps.Clone(sent)
			maps.Copy(other, c.spoil)
			if got := agent.post("/findings/deletions", other).problem(t, http.StatusUnprocessableEntity, "invalid"); got.at("faults", 0, "field") != c.field {
				t.Errorf("%s: the fault is in %v, want %s: %s", name, got.at("faults", 0, "field"), c.field, got.text)
			}
		}
	})
}
