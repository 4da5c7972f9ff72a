package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"genbo"
	"genbo/internal/record/finding"
	"genbo/internal/record/journal"
	"genbo/internal/work/house"
	"genbo/internal/work/synth"
)

// scanned is a device of the demonstration: what it reported on days before the demonstration began. A device
// reports each day; between two days of the list the figure stays.
type scanned struct {
	office genbo.OfficeID
	device genbo.DeviceID
	files  int64
	days   []scannedDay
	last   int   // the day of its last report
	unread int64 // files that it never could read
	copy   bool  // a copy of a list lies there
}

type scannedDay struct{ ago, cases int64 }

const demoDays = 56

var demoScans = []scanned{
	{office: demoOffice, device: "fs-1301", files: 48_213, days: []scannedDay{{56, 41_870}, {44, 42_310}, {31, 12_904}, {19, 3_122}, {6, 1_284}}},
	{office: demoOffice, device: "pc-1301-04", files: 6_120, days: []scannedDay{{56, 310}, {40, 512}, {12, 87}}, copy: true},
	{office: demoOffice, device: "pc-1301-11", files: 4_410, days: []scannedDay{{50, 0}}},
	{office: "2701", device: "fs-2701", files: 31_007, days: []scannedDay{{54, 8_211}, {37, 8_409}, {28, 0}}},
	{office: "2701", device: "pc-2701-02", files: 3_900, days: []scannedDay{{54, 12}, {30, 0}}},
	{office: "0101", device: "fs-0101", files: 22_650, days: []scannedDay{{56, 980}, {21, 1_430}, {9, 0}}, unread: 14},
	{office: "2301", device: "fs-2301", files: 27_801, days: []scannedDay{{49, 2_604}, {33, 3_115}, {14, 0}}, last: 11},
	{office: "4001", device: "fs-4001", files: 19_444, days: []scannedDay{{23, 640}, {10, 655}, {3, 702}}},
}

// scannedDemo gives the register its weeks of scans, before it has anything else: a register's clock goes forwards only.
func scannedDemo(ctx context.Context, o house.Options, population *synth.Population) error {
	var clock atomic.Int64
	begun := time.Now().Add(-time.Minute)
	clock.Store(begun.AddDate(0, 0, -demoDays).UnixMilli())
	o.Clock = func() time.Time { return time.UnixMilli(clock.Load()) }
	h, err := house.Open(ctx, o)
	if err != nil {
		return err
	}
	err = staffDemo(ctx, h, population)
	if err == nil {
		err = reportDemo(ctx, h, begun, &clock, population)
	}
	return errors.Join(err, h.Close())
}

func reportDemo(ctx context.Context, h *house.House, begun time.Time, clock *atomic.Int64, population *synth.Population) error {
	there := map[genbo.OfficeID]bool{}
	for _, o := range population.Offices() {
		there[o.ID] = true
	}
	security := journal.Actor{Staff: "security", Device: "demo"}
	for ago := int64(demoDays); ago >= 0; ago-- {
		now := begun.AddDate(0, 0, -int(ago))
		clock.Store(now.UnixMilli())
		if err := h.Journal.Sequence(ctx); err != nil { // it has a day to catch up on
			return err
		}
		for _, d := range demoScans {
			if there[d.office] && ago >= int64(d.last) {
				if err := d.report(ctx, h, security, ago, now); err != nil {
					return err
				}
			}
		}
		if err := askDemo(ctx, h, security, ago, genbo.DateOf(now.In(genbo.Japan))); err != nil {
			return err
		}
	}
	return nil
}

// report has a device report what it found on a day, once it is there.
func (d scanned) report(ctx context.Context, h *house.House, by journal.Actor, ago int64, now time.Time) error {
	if ago > d.days[0].ago {
		return nil
	}
	if ago == d.days[0].ago {
		if err := h.Findings.Place(ctx, by, d.device, d.office, "設置"); err != nil {
			return err
		}
	}
	var cases int64
	for _, day := range d.days {
		if day.ago >= ago {
			cases = day.cases
		}
	}
	sealed := d.days[0].cases - cases + d.files/9
	r := finding.Report{Scan: fmt.Sprintf("%032x", int64(demoDays)-ago+1), Begun: now.Add(-20 * time.Minute), Ended: now, Full: ago%7 == 0 || ago == d.days[0].ago,
		Complete: true, Files: d.files, Bytes: d.files * 180_000, Unread: d.unread, Persons: (cases + max(sealed, 0)) * 4 / 5, Agent: "genbo-agent demo"}
	for _, share := range []struct {
		fields             string
		open, weak, locked int64 // in hundredths
	}{{"NAB", 55, 8, 40}, {"NABD", 22, 0, 35}, {"NA", 10, 0, 15}, {"ABDP", 5, 0, 10}} {
		fields, err := genbo.ParseFieldSet(share.fields)
		if err != nil {
			return err
		}
		one := finding.Set{Fields: fields, Open: cases * share.open / 100, Weak: cases * share.weak / 100, Locked: max(sealed, 0) * share.locked / 100}
		one.Persons = (one.Open + one.Weak + one.Locked) * 4 / 5
		if one.Persons > 0 {
			r.Sets = append(r.Sets, one)
		}
	}
	if d.copy && ago < 12 {
		r.Copies = []finding.Copy{{Extract: "k3v7q2m9x4tb", Cases: cases}}
	}
	_, err := h.Findings.Take(ctx, d.device, r)
	return err
}

// askDemo has the security officer ask three offices to act: one did, one said that it does, one lets the day pass.
func askDemo(ctx context.Context, h *house.House, security journal.Actor, ago int64, today genbo.Date) error {
	switch ago {
	case 35:
		return h.Findings.Ask(ctx, security, "2701", today.AddDays(10), "共有フォルダの一覧を封印するか削除してください。")
	case 18:
		return h.Findings.Ask(ctx, security, demoOffice, today.AddDays(25), "残っている督励リストを封印してください。不要なものは削除してください。")
	case 16:
		return h.Findings.Ask(ctx, security, "4001", today.AddDays(9), "届書の一覧にパスワードがありません。封印してください。")
	case 15:
		return h.Findings.Answer(ctx, journal.Actor{Staff: "clerk", Device: "demo"}, demoOffice)
	}
	return nil
}
