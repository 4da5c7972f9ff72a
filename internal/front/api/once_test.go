package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"genbo/internal/base/db"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

const key = "6f1c1c0e-6a55-4c7e-9d0b-2f3f6d2d8f10"

func phone(number string) object {
	return object{"kind": "phone", "value": object{"phone": number}, "valid_from": "2026-01-01", "evidence": "id-document", "reason": "reported"}
}

// phones counts the facts about telephone numbers, the one of the registration included.
func phones(t *testing.T, c caller, person string) int {
	t.Helper()
	return strings.Count(c.get(person+"?purpose=inquiry").want(t, http.StatusOK).text, `{"kind":"phone"`)
}

func TestOnceOfManyCalls(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		person := "/people/" + string(housetest.Enter(t, h, 1)[0])
		clerk := serve(t, h).as("clerk1")
		replies := make([]reply, 8)
		var wg sync.WaitGroup
		for n := range replies {
			wg.Go(func() { replies[n] = clerk.post(person+"/facts", phone("03-0000-9999"), "Idempotency-Key", key) })
		}
		wg.Wait()
		first := clerk.post(person+"/facts", phone("03-0000-9999"), "Idempotency-Key", key).want(t, http.StatusOK)
		if first.Header.Get("Idempotency-Replayed") != "true" || first.at("entry") == nil {
			t.Errorf("the repeat is answered %s", first.text)
		}
		did := 0
		for _, r := range replies {
			switch {
			case r.StatusCode == http.StatusConflict:
				r.problem(t, http.StatusConflict, "key-busy")
			case r.StatusCode != http.StatusOK || r.text != first.text:
				t.Errorf("got %d: %s", r.StatusCode, r.text)
			case r.Header.Get("Idempotency-Replayed") == "":
				did++
			}
		}
		if did != 1 {
			t.Errorf("%d calls say that they did it, want 1", did)
		}
		if n := phones(t, clerk, person); n != 2 {
			t.Errorf("there are %d telephone numbers, want 2", n)
		}
	})
}

func TestKeys(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		person := "/people/" + string(housetest.Enter(t, h, 1)[0])
		s := serve(t, h)
		clerk := s.as("clerk1")
		bad := phone("03-0000-9999")
		bad["evidence"] = "hearsay"
		clerk.post(person+"/facts", bad, "Idempotency-Key", key).problem(t, http.StatusUnprocessableEntity, "invalid")
		clerk.post(person+"/facts", phone("03-0000-9999"), "Idempotency-Key", key).want(t, http.StatusOK) // a refusal does not use the key up
		clerk.post(person+"/facts", phone("03-0000-9998"), "Idempotency-Key", key).problem(t, http.StatusUnprocessableEntity, "key-reused")
		clerk.post(person+"/numbers/1/reissue", object{"reason": "lost"}, "Idempotency-Key", key).problem(t, http.StatusUnprocessableEntity, "key-reused")
		clerk.post(person+"/facts", phone("03-0000-9999"), "Idempotency-Key", "short").problem(t, http.StatusUnprocessableEntity, "invalid")

		other := phone("03-0000-9997")
		other["case"] = "J-1"
		s.as("clerk2").post(person+"/facts", other, "Idempotency-Key", key).want(t, http.StatusOK) // keys are each one's own
		if n := phones(t, clerk, person); n != 3 {
			t.Errorf("there are %d telephone numbers, want 3", n)
		}

		// What is kept of a call is no personal data, and a call that broke off is not done again.
		err := h.DB.Update(t.Context(), func(tx *db.Tx) error {
			var hash, request []byte
			var answer string
			err := tx.Home().Row("SELECT key, request, answer FROM idempotency WHERE staff = 'clerk1'", nil, &hash, &request, &answer)
			if err != nil {
				return err
			}
			if strings.Contains(answer, "9999") || !strings.HasPrefix(answer, `{"state":"done"`) {
				t.Errorf("kept: %s", answer)
			}
			if _, err := tx.Home().Exec("DELETE FROM idempotency WHERE staff = 'clerk1'"); err != nil {
				return err
			}
			_, err = tx.Home().Exec("INSERT INTO idempotency (staff, key, request, answer, at) VALUES ('clerk1', ?, ?, '', ?)", hash, request, db.Millis(tx.Now))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		clerk.post(person+"/facts", phone("03-0000-9999"), "Idempotency-Key", key).problem(t, http.StatusConflict, "key-busy")
	})
}
