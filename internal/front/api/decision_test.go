package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"genbo/internal/front/api"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

// What needs others waits for them, and is done with the last approval.
func TestDecisions(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 2)
		s := serve(t, h)
		clerk, first, second := s.as("clerk1"), s.as("approver1"), s.as("approver2")
		person := "/people/" + string(refs[0])

		change := phone("03-0000-9999")
		change["evidence"] = "knowledge"
		proposed := clerk.post(person+"/facts", change).want(t, http.StatusAccepted)
		address := strings.TrimPrefix(proposed.Header.Get("Location"), api.Prefix)
		if proposed.at("state") != "waiting" || address != "/approvals/"+proposed.at("approval").(string) {
			t.Fatalf("proposed: %s, %s", proposed.text, address)
		}
		if seen := clerk.get(person + "?purpose=inquiry"); seen.at("pending", 0, "value", "phone") != "03-0000-9999" || seen.at("holds", "phone") != "03-0000-1234" {
			t.Errorf("while it waits: %s", seen.text)
		}
		asked := first.get(address).want(t, http.StatusOK)
		if asked.at("kind") != "phone" || asked.at("why") != "knowledge" || asked.at("people", 0) != string(refs[0]) {
			t.Errorf("the request: %s", asked.text)
		}
		first.post(address+"/votes", object{"hash": "00", "verdict": "approve"}).problem(t, http.StatusConflict, "conflict")
		clerk.post(address+"/votes", object{"hash": asked.at("hash"), "verdict": "approve"}).problem(t, http.StatusForbidden, "forbidden")
		if voted := first.post(address+"/votes", object{"hash": asked.at("hash"), "verdict": "approve"}).want(t, http.StatusOK); voted.at("state") != "done" {
			t.Errorf("voted: %s", voted.text)
		}
		if seen := clerk.get(person + "?purpose=inquiry"); seen.at("holds", "phone") != "03-0000-9999" {
			t.Errorf("when it is approved: %s", seen.text)
		}

		merge := clerk.post(person+"/merge", object{"absorbed": refs[1], "purpose": "record-review", "reason": "the same person"}).want(t, http.StatusAccepted)
		address = strings.TrimPrefix(merge.Header.Get("Location"), api.Prefix)
		hash := clerk.get(address).at("hash")
		if voted := first.post(address+"/votes", object{"hash": hash, "verdict": "approve"}).want(t, http.StatusOK); voted.at("state") != "waiting" {
			t.Errorf("after one vote: %s", voted.text)
		}
		if voted := second.post(address+"/votes", object{"hash": hash, "verdict": "approve"}).want(t, http.StatusOK); voted.at("state") != "done" {
			t.Errorf("after two votes: %s", voted.text)
		}
		if seen := clerk.get("/people/" + string(refs[1]) + "?purpose=inquiry"); seen.at("person") != string(refs[0]) || seen.at("absorbed", 0, "numbers", 0, "state") != "merged" {
			t.Errorf("after the merge: %s", seen.text)
		}
		split := clerk.post(person+"/split", object{"absorbed": refs[1], "reason": "two persons after all"}).want(t, http.StatusAccepted)
		address = "/approvals/" + split.at("approval").(string)
		first.post(address+"/withdraw", object{}).problem(t, http.StatusForbidden, "forbidden")
		clerk.post(address+"/withdraw", object{}).want(t, http.StatusOK)
		if list := clerk.get("/approvals?open=true"); len(list.at("approvals").([]any)) != 0 {
			t.Errorf("still open: %s", list.text)
		}
	})
}

func TestRegisterWithdrawReissue(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		clerk := serve(t, h).as("clerk1")
		newcomer := object{"values": object{"kanji": "見本　花子", "kana": "みほん　はなこ", "birth": "H2.5.6", "sex": "female", "postal": "100-0013", "address": "東京都千代田区霞が関一丁目"},
			"valid_from": "2026-04-01", "reason": "registered at the counter"}
		made := clerk.post("/people", newcomer).want(t, http.StatusCreated)
		person := strings.TrimPrefix(made.Header.Get("Location"), api.Prefix)
		seen := clerk.get(person+"?purpose=change").want(t, http.StatusOK)
		if seen.at("holds", "kana") != "ミホン　ハナコ" || seen.at("holds", "birth") != "1990-05-06" || !strings.HasPrefix(seen.at("numbers", 0, "number").(string), "8") {
			t.Errorf("registered: %s", seen.text)
		}
		delete(newcomer["values"].(object), "kana")
		newcomer["values"].(object)["bank"] = "9999-001-1-1234567"
		if refused := clerk.post("/people", newcomer).problem(t, http.StatusUnprocessableEntity, "invalid"); len(refused.at("faults").([]any)) != 2 {
			t.Errorf("refused: %s", refused.text)
		}

		clerk.post(person+"/facts", phone("03-0000-9999")).want(t, http.StatusOK)
		withdraw := clerk.post(person+"/facts/phone/2/withdraw", object{"reason": "mistyped"}).want(t, http.StatusOK)
		if withdraw.at("entry") == nil {
			t.Errorf("withdrawn: %s", withdraw.text)
		}
		clerk.post(person+"/facts/phone/2/withdraw", object{"reason": "mistyped"}).problem(t, http.StatusConflict, "conflict")
		clerk.post(person+"/numbers/1/reissue", object{"reason": "the number was stolen"}).want(t, http.StatusOK)
		if seen = clerk.get(person + "?purpose=change"); seen.at("numbers", 0, "state") != "retired" || seen.at("numbers", 1, "state") != "current" ||
			seen.at("numbers", 0, "changed_at") == nil || seen.at("holds", "phone") != nil {
			t.Errorf("after all: %s", seen.text)
		}
	})
}

func TestJournal(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 3)
		s := serve(t, h)
		clerk, auditor := s.as("clerk1"), s.as("auditor1")
		for _, ref := range refs {
			clerk.get("/people/"+string(ref)+"?purpose=inquiry").want(t, http.StatusOK)
		}
		if err := h.Journal.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		page := auditor.get("/journal?action=person.open&staff=clerk1&limit=2").want(t, http.StatusOK)
		if len(page.at("entries").([]any)) != 2 || page.at("entries", 0, "purpose") != "inquiry" || page.at("entries", 0, "place") == nil || page.at("next") == nil {
			t.Fatalf("the first page: %s", page.text)
		}
		next := strconv.Itoa(int(page.at("next").(float64)))
		page = auditor.get("/journal?action=person.open&staff=clerk1&limit=2&before="+next).want(t, http.StatusOK)
		if len(page.at("entries").([]any)) != 1 || page.at("next") != nil {
			t.Errorf("the second page: %s", page.text)
		}
		if none := auditor.get("/journal?to=2020-01-01").want(t, http.StatusOK); len(none.at("entries").([]any)) != 0 {
			t.Errorf("before there was a journal: %s", none.text)
		}
		head := auditor.get("/journal/checkpoint").want(t, http.StatusOK)
		if !strings.Contains(head.at("note").(string), head.at("root").(string)) || head.at("key") != h.Vault.VerifierKey() {
			t.Errorf("the head: %s", head.text)
		}
		report := auditor.post("/journal/verify", nil).want(t, http.StatusOK)
		if len(report.at("problems").([]any)) != 0 || report.at("checked").(float64) < 10 {
			t.Errorf("verified: %s", report.text)
		}
	})
}
