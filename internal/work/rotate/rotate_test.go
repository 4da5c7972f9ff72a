package rotate

import (
	"context"
	"errors"
	"testing"

	"genbo"
	"genbo/internal/base/vault"
	"genbo/internal/work/desk"
	"genbo/internal/work/house"
	"genbo/internal/work/house/housetest"
)

func opens(t *testing.T, h *house.House, refs []genbo.PersonRef) {
	t.Helper()
	v := desk.Visit{Identity: housetest.SignIn(t, h, "clerk1"), Purpose: "change"}
	for i, ref := range refs {
		if _, err := h.Desk.Open(context.Background(), v, ref); err != nil {
			t.Errorf("person %d does not open: %v", i, err)
		}
	}
}

func TestRotate(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 5)
		before := h.Vault.Epoch()
		report, err := Run(context.Background(), h, nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Rewrapped != 5 || report.Resumed || h.Vault.Epoch() == before {
			t.Errorf("%+v", report)
		}
		if n, err := h.Vault.PersonKeys(context.Background()); n != 1 || err != nil {
			t.Errorf("%d keys are left: %v", n, err)
		}
		opens(t, h, refs)
	})
}

// TestStopped stops a rotation at a bucket, has work go on, and runs it again.
func TestStopped(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		refs := housetest.Enter(t, h, 3)
		ctx, stop := context.WithCancel(context.Background())
		_, err := Run(ctx, h, func(buckets int) {
			if buckets == 300 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped: %v", err)
		}
		opens(t, h, refs)
		report, err := Run(context.Background(), h, nil)
		if err != nil || !report.Resumed {
			t.Errorf("again: %+v, %v", report, err)
		}
		opens(t, h, refs)
	})
}

// TestOtherProcess has another process, which opened the register before the rotation, enter a person after it.
func TestOtherProcess(t *testing.T) {
	housetest.Each(t, house.Options{}, func(t *testing.T, h *house.House) {
		ctx := context.Background()
		other, err := house.Open(ctx, h.Options)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		}()
		refs := housetest.Enter(t, h, 2)
		if _, err := Run(ctx, h, nil); err != nil {
			t.Fatal(err)
		}
		v := desk.Visit{Identity: housetest.SignIn(t, other, "clerk1"), Purpose: "change", Reason: "test"}
		ref, err := other.Desk.Register(ctx, v, housetest.Newcomer(t, 77))
		if err != nil {
			t.Fatal(err)
		}
		opens(t, h, append(refs, ref))
		opens(t, other, append(refs, ref))
		service, err := vault.FileKey(h.Keys + "/" + vault.RootKeyFile)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Open(ctx, h.Keys, service); err != nil {
			t.Error(err)
		}
	})
}
