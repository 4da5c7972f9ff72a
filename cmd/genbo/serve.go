package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"genbo/internal/front/page"
	"genbo/internal/front/server"
	"genbo/internal/record/access"
	"genbo/internal/work/house"
)

func (a *app) serve() *cobra.Command {
	var o server.Options
	c := &cobra.Command{
		Use: "serve", Short: "Serve a register on this machine", Args: cobra.NoArgs,
		Long: `Serves console and API on a loopback address: for a small office on one machine, or behind a
proxy of its own. On a network use "genbo core", which asks every caller for a device certificate.`,
		Example: "  genbo serve --dir register --listen 127.0.0.1:7800",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.serveHouse(c.Context(), func(h *house.House, log *slog.Logger) (*server.Server, error) {
				o.Log = log
				return server.Loopback(h, o)
			})
		},
	}
	a.where(c)
	a.site(c, &o)
	c.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:7800", "loopback address to listen on")
	return c
}

func (a *app) core() *cobra.Command {
	var o server.Options
	c := &cobra.Command{
		Use: "core", Short: "Serve a register on a network, to enrolled devices only", Args: cobra.NoArgs,
		Long: `Serves console and API over TLS 1.3 and asks every caller for the certificate of an enrolled
device; without one the handshake ends. "genbo certs" makes certificates for a test.`,
		Example: "  genbo certs --dir certs --server core.example --device pc-1\n" +
			"  genbo core --dir register --certificate certs/core.example.crt --key certs/core.example.key --devices certs/authority.crt",
		RunE: func(c *cobra.Command, _ []string) error {
			return a.serveHouse(c.Context(), func(h *house.House, log *slog.Logger) (*server.Server, error) {
				o.Log = log
				return server.Core(h, o)
			})
		},
	}
	a.where(c)
	a.site(c, &o)
	f := c.Flags()
	f.StringVar(&o.Listen, "listen", ":7843", "address to listen on")
	f.StringVar(&o.Certificate, "certificate", "", "file of the server's certificate")
	f.StringVar(&o.Key, "key", "", "file of the server's key")
	f.StringVar(&o.Devices, "devices", "", "file of the authority whose devices may call")
	for _, name := range []string{"certificate", "key", "devices"} {
		_ = c.MarkFlagRequired(name) // fails for names that are no flag
	}
	return c
}

func (a *app) site(c *cobra.Command, o *server.Options) {
	o.Site = page.Site{Build: build().Version}
	c.Flags().StringVar(&o.Origin, "origin", "", "where browsers reach it, as in https://genbo.example (default: the address listened on)")
	f := c.Flags()
	f.StringVar(&o.Site.HelpPhone, "help-phone", "", "telephone of the help desk, shown on every page")
	f.StringVar(&a.purposes, "purposes", "", "file with the purposes, the fields that each shows and its limits (default: a built-in list)")
	f.StringVar(&a.lists, "lists", "", "file with the purposes of lists: the fields, people, days and forms that each allows (default: a built-in list)")
	f.StringVar(&a.mailboxes, "mailboxes", "", "file with the agency's addresses where letters to decoys arrive (default: mailboxes.json in the register's directory; without it, lists with addresses carry no decoys)")
	a.limits = access.DefaultLimits
	f.IntVar(&a.limits.OpenFiveMinutes, "open-five-minutes", a.limits.OpenFiveMinutes, "how many people one may open in five minutes, over all purposes")
	f.IntVar(&a.limits.OpenDay, "open-day", a.limits.OpenDay, "how many people one may open in a day")
	f.IntVar(&a.limits.GlimpseFiveMinutes, "find-five-minutes", a.limits.GlimpseFiveMinutes, "how many masked lines of people one may be shown in five minutes")
	f.IntVar(&a.limits.GlimpseDay, "find-day", a.limits.GlimpseDay, "how many masked lines of people one may be shown in a day")
}

// serveHouse opens the register and serves it until it is told to stop.
func (a *app) serveHouse(ctx context.Context, open func(*house.House, *slog.Logger) (*server.Server, error)) error {
	return a.withHouse(ctx, func(h *house.House) error {
		log := slog.New(slog.NewJSONHandler(a.err, nil))
		slog.SetDefault(log)
		s, err := open(h, log)
		if err != nil {
			return err
		}
		running, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { defer close(done); h.Run(running) }()
		log.Info("serving", "origin", s.Origin, "version", build().Version)
		err = s.Serve(ctx)
		stop()
		<-done
		log.Info("stopped")
		return errors.Join(err)
	})
}
