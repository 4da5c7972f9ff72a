package api_test

import (
	"net/http"
	"strings"
	"testing"

	"genbo/internal/record/finding"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func deletion(digit string) object {
	return object{"files": 12, "cases": 3400, "digest": strings.Repeat(digit, 64), "reason": "no longer needed"}
}

// TestDeletions: an agent asks with the certificate of its device and no session, two approvers decide, and it fetches what they
// decided on.
func TestDeletions(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		s := serve(t, h)
		agent, first, second := caller{server: s}, s.as("approver1"), s.as("approver2")
		asked := agent.post("/findings/deletions", deletion("a")).want(t, http.StatusOK)
		id, _ := asked.at("id").(string)
		if again := agent.post("/findings/deletions", deletion("a")).want(t, http.StatusOK); id == "" || again.text != asked.text {
			t.Errorf("asked twice: %s, %s", asked.text, again.text)
		}
		is := func(state string) {
			t.Helper()
			got := agent.get("/findings/deletions/"+id).want(t, http.StatusOK)
			if got.at("id") != id || got.at("state") != state || got.at("files") != 12.0 || got.at("cases") != 3400.0 || got.at("digest") != strings.Repeat("a", 64) || len(got.body) != 5 {
				t.Errorf("want %s: %s", state, got.text)
			}
		}
		is("waiting")
		hash := first.get("/approvals/"+id).want(t, http.StatusOK).at("hash")
		first.post("/approvals/"+id+"/votes", object{"hash": hash, "verdict": "approve"}).want(t, http.StatusOK)
		is("waiting")
		second.post("/approvals/"+id+"/votes", object{"hash": hash, "verdict": "approve"}).want(t, http.StatusOK)
		is("done")

		other, err := h.Findings.AskDeletion(t.Context(), finding.Deletion{Device: "pc-other", Files: 1, Digest: strings.Repeat("b", 64)}, "x")
		if err != nil {
			t.Fatal(err)
		}
		agent.get("/findings/deletions/"+other).problem(t, http.StatusNotFound, "not-found")
		agent.get("/findings/deletions/none").problem(t, http.StatusNotFound, "not-found")
		for _, digit := range "012345678" {
			agent.post("/findings/deletions", deletion(string(digit))).want(t, http.StatusOK)
		}
		agent.post("/findings/deletions", deletion("9")).problem(t, http.StatusTooManyRequests, "too-often")
	})
}

func TestDeletionsRefused(t *testing.T) {
	agent := caller{server: serve(t, housetest.New(t, house.Options{}))}
	for name, c := range map[string]struct {
		field string
		value any
	}{
		"no files": {"files", 0}, "negative cases": {"cases", -1}, "short digest": {"digest", "abc"},
		"digest in capitals": {"digest", strings.Repeat("A", 64)}, "no reason": {"reason", ""}, "blank reason": {"reason", " "},
	} {
		t.Run(name, func(t *testing.T) {
			body := deletion("a")
			body[c.field] = c.value
			agent.post("/findings/deletions", body).problem(t, http.StatusUnprocessableEntity, "invalid")
		})
	}
}
