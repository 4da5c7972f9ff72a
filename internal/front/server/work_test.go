package server

import (
	"testing"

	"genbo"
	"genbo/internal/record/staff"
	"genbo/internal/work/house/housetest"
)

func identity(t *testing.T, o *office, id genbo.StaffID) staff.Identity {
	t.Helper()
	return housetest.SignIn(t, o.House, id)
}
