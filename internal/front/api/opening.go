package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"genbo"
	"genbo/internal/base/sealed"
)

// unseal is what the agent sends to open a sealed file.
type unseal struct {
	Code     string        `json:"code" minLength:"20" maxLength:"64"`
	Verifier string        `json:"verifier" minLength:"32" maxLength:"128"`
	Stanza   sealed.Stanza `json:"stanza"`
}

// unsealed is what opens a sealed file.
type unsealed struct {
	FileKey   []byte         `json:"file_key"`
	Verifier  string         `json:"verifier_key"`
	Staff     genbo.StaffID  `json:"staff"`
	Name      string         `json:"name"`
	Device    genbo.DeviceID `json:"device"`
	OpenedAt  time.Time      `json:"opened_at"`
	ExpiresAt time.Time      `json:"expires_at"`
}

// unseals opens a sealed file for the agent of a device. The code stands for the session in which its user
// confirmed the opening.
func (a *Handler) unseals(id, method, path string) {
	huma.Register(a.huma, a.ofDevice(id, method, path), func(ctx context.Context, in *struct{ Body unseal }) (*answer[unsealed], error) {
		o, err := a.Handover.Unseal(ctx, deviceOf(ctx), in.Body.Code, in.Body.Verifier, in.Body.Stanza)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[unsealed]{unsealed{o.FileKey, o.Verifier, o.Staff.ID, o.Staff.Name, o.Device, o.At, o.ExpiresAt}}, nil
	})
}
