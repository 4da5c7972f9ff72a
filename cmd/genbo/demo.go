package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"genbo/internal/front/page"
	"genbo/internal/front/server"
	"genbo/internal/record/journal"
	"genbo/internal/record/staff"
	"genbo/internal/work/house"
)

func (a *app) demo() *cobra.Command {
	var people int
	var listen string
	var verbose bool
	c := &cobra.Command{
		Use: "demo", Short: "Try Genbo on invented people", Args: cobra.NoArgs,
		Long: `Makes a register of invented people the first time, and serves it on this machine.
It prints a sign-in link for each role. A link works once; start the demo again for new ones.
Everything is in one directory; remove the directory to begin anew.`,
		Example: "  genbo demo\n  genbo demo --people 1000000 --dir /tmp/million",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.runDemo(c.Context(), people, listen, verbose)
		},
	}
	c.Flags().StringVar(&a.dir, "dir", "genbo-demo", "directory of the demonstration")
	c.Flags().IntVar(&people, "people", 100_000, "how many people to invent, the first time")
	c.Flags().StringVar(&listen, "listen", "127.0.0.1:7800", "loopback address to listen on")
	c.Flags().BoolVar(&verbose, "verbose", false, "log every request")
	return c
}

func (a *app) runDemo(ctx context.Context, people int, listen string, verbose bool) error {
	h, err := a.openDemo(ctx, people)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); h.Run(running) }()
	err = a.serveDemo(ctx, h, listen, verbose)
	stop()
	<-done
	return errors.Join(err, h.Close())
}

func (a *app) serveDemo(ctx context.Context, h *house.House, listen string, verbose bool) error {
	level := slog.LevelWarn
	if verbose {
		level = slog.LevelInfo
	}
	log := slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
	s, err := server.Loopback(h, server.Options{Listen: listen, Site: page.Site{Build: build().Version, Demo: true}, Log: log})
	if err != nil {
		return err
	}
	n, err := h.Desk.CountPeople(ctx)
	if err != nil {
		return err
	}
	a.say("\nGenbo demonstration: %s invented people in %s, at %s\n", grouped(float64(n)), a.dir, s.Origin)
	a.say("Open a link in a browser to sign in. Each works once, for an hour; start again for new ones.")
	a.say("To be two people at once, use a second browser or a private window.\n")
	for _, m := range demoStaff {
		link, err := h.Directory.Link(ctx, journal.System("demo"), m.ID, time.Hour)
		if err != nil {
			return err
		}
		a.say("  %-25s %s/signin/link/%s", roleOf(m), s.Origin, link)
	}
	a.say("\nCtrl-C stops it.")
	if err := s.Serve(ctx); err != nil {
		return err
	}
	a.say("\nStopped. `genbo demo` goes on with the same register.")
	return nil
}

func roleOf(m staff.Member) string {
	return map[staff.Role]string{staff.Clerk: "clerk", staff.Approver: "approver", staff.Security: "security officer", staff.Operator: "hotline operator",
		staff.Auditor: "auditor", staff.Admin: "administrator"}[m.Roles[0]] + fmt.Sprintf(" (%s)", m.Office)
}
