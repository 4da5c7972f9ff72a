package api_test

import (
	"net/http"
	"testing"

	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// A list from a saved selection to what the index says of it.
func TestListsAndDisclosures(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 12)
		s := serve(t, h)
		clerk, approver, security := s.as("clerk1"), s.as("approver1"), s.as("security1")

		clerk.post("/selections", object{"name": " ", "office": "0101"}).want(t, http.StatusUnprocessableEntity)
		saved := clerk.post("/selections", object{"name": "the living of our office", "office": "0101", "life": "living"}).want(t, http.StatusCreated).at("saved")
		if got := clerk.get("/selections"); got.at("selections", 0, "name") != "the living of our office" || got.at("selections", 0, "saved") != saved {
			t.Errorf("the selections: %s", got.text)
		}
		wish := object{"purpose": "overdue-notice", "fields": "NA", "form": "worklist", "days": 7, "saved": saved, "reason": "June notices"}
		list := "/lists/" + clerk.post("/lists", wish).want(t, http.StatusAccepted).at("list").(string)
		asked := approver.get("/approvals/" + clerk.get(list).at("approval").(string))
		if "/lists/"+asked.at("list").(string) != list || clerk.get(list).at("persons") != 12.0 {
			t.Fatalf("asked: %s", asked.text)
		}
		clerk.get(list+"/rows").want(t, http.StatusConflict)
		approver.post("/approvals/"+clerk.get(list).at("approval").(string)+"/votes", object{"hash": asked.at("hash"), "verdict": "approve"}).want(t, http.StatusOK)
		if rows := clerk.get(list+"/rows").want(t, http.StatusOK); len(rows.at("rows").([]any)) != 12 {
			t.Errorf("rows: %s", rows.text)
		}

		clerk.get("/disclosures").problem(t, http.StatusForbidden, "forbidden")
		got := security.get("/disclosures?purpose=overdue-notice&staff=clerk1").want(t, http.StatusOK)
		if got.at("persons") != 12.0 || got.at("cases") != 12.0 || got.at("widths", 0, "fields") != "NA" || got.at("parts", 0, "action") != "extract.view" {
			t.Errorf("disclosures: %s", got.text)
		}
		if got := security.get("/disclosures?purpose=overdue-notice&to=2001-01-01"); got.at("persons") != 0.0 {
			t.Errorf("disclosures of old: %s", got.text)
		}
		security.get("/disclosures?from=yesterday").want(t, http.StatusUnprocessableEntity)

		person := "/people/" + string(refs[0]) + "/looks?purpose=inquiry"
		all, member := clerk.get(person).want(t, http.StatusOK), clerk.get(person+"&member=true").want(t, http.StatusOK)
		a, m := all.at("looks").([]any), member.at("looks").([]any)
		if len(m) != len(a)+1 || all.at("looks", 1, "staff") != "clerk1" || member.at("looks", 1, "staff") != "" || member.at("looks", 2, "fields") != all.at("looks", 1, "fields") {
			t.Errorf("looks: %s\nof the member: %s", all.text, member.text)
		}

		clerk.post("/selections/"+saved.(string)+"/forget", object{}).want(t, http.StatusOK)
		clerk.post("/lists", wish).want(t, http.StatusUnprocessableEntity)
	})
}
