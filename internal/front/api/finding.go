package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"genbo"
	"genbo/internal/record/finding"
)

// findingSet is how many cases of one field set an agent counted.
type findingSet struct {
	Set     string `json:"set" minLength:"1" maxLength:"20"`
	Open    int64  `json:"open" minimum:"0"`
	Weak    int64  `json:"weak" minimum:"0"`
	Locked  int64  `json:"locked" minimum:"0"`
	Persons int64  `json:"persons" minimum:"0"`
}

// findingCopy is an extract of which an agent met a copy.
type findingCopy struct {
	Extract string `json:"extract" minLength:"1" maxLength:"40"`
	Cases   int64  `json:"cases" minimum:"0"`
}

// findingReport is what one scan on one device counted.
type findingReport struct {
	Scan     string        `json:"scan" minLength:"32" maxLength:"32"`
	Begun    time.Time     `json:"begun"`
	Ended    time.Time     `json:"ended"`
	Kind     string        `json:"kind" enum:"full,changes"`
	Complete bool          `json:"complete"`
	Files    int64         `json:"files" minimum:"0"`
	Bytes    int64         `json:"bytes" minimum:"0"`
	Unread   int64         `json:"unread" minimum:"0"`
	Persons  int64         `json:"persons" minimum:"0"`
	Fields   []findingSet  `json:"fields" maxItems:"2048"`
	Copies   []findingCopy `json:"copies,omitempty" maxItems:"1000"`
	Agent    string        `json:"agent" minLength:"1" maxLength:"100"`
}

// findingReceipt answers a report. It says nothing about persons.
type findingReceipt struct {
	Received time.Time  `json:"received"`
	Due      *time.Time `json:"due,omitempty"`
	Limit    int64      `json:"limit"`
}

// read turns what was sent into a report.
func (f findingReport) read() (finding.Report, error) {
	r := finding.Report{Scan: f.Scan, Begun: f.Begun, Ended: f.Ended, Full: f.Kind == "full", Complete: f.Complete,
		Files: f.Files, Bytes: f.Bytes, Unread: f.Unread, Persons: f.Persons, Agent: f.Agent}
	for _, one := range f.Fields {
		fields, err := genbo.ParseFieldSet(one.Set)
		if err != nil {
			return r, genbo.InField(err, "fields")
		}
		r.Sets = append(r.Sets, finding.Set{Fields: fields, Open: one.Open, Weak: one.Weak, Locked: one.Locked, Persons: one.Persons})
	}
	for _, one := range f.Copies {
		r.Copies = append(r.Copies, finding.Copy{Extract: one.Extract, Cases: one.Cases})
	}
	return r, nil
}

// maxReport bounds a report: each of the 2,047 field sets once, and a thousand copies.
const maxReport = 512 << 10

// reports takes what agents count. The device's certificate is all that stands for the report.
func (a *Handler) reports(id, method, path string) {
	op := a.ofDevice(id, method, path)
	op.MaxBodyBytes = maxReport
	huma.Register(a.huma, op, func(ctx context.Context, in *struct{ Body findingReport }) (*answer[findingReceipt], error) {
		r, err := in.Body.read()
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		taken, err := a.Findings.Take(ctx, deviceOf(ctx), r)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		out := findingReceipt{Received: taken.Received, Limit: taken.Allowed}
		if !taken.Due.IsZero() {
			end := time.Date(taken.Due.Year(), time.Month(taken.Due.Month()), taken.Due.Day()+1, 0, 0, 0, 0, genbo.Japan)
			out.Due = &end
		}
		return &answer[findingReceipt]{out}, nil
	})
}
