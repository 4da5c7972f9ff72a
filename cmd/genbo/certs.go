package main

import (
	"time"

	"github.com/spf13/cobra"

	"genbo"
	"genbo/internal/base/certs"
)

func (a *app) certs() *cobra.Command {
	var servers, devices, hosts []string
	c := &cobra.Command{
		Use: "certs", Short: "Make certificates for a test", Args: cobra.NoArgs,
		Long: `Makes a certificate authority in a directory the first time, and issues certificates of servers and
devices. For a test only: in production the agency's own authority issues them. Nothing is overwritten.`,
		Example: "  genbo certs --dir certs --server core.example --host core.example,10.0.0.5 --device pc-1 --device pc-2",
		RunE: func(*cobra.Command, []string) error {
			authority, err := certs.OpenAuthority(a.dir, time.Now())
			if err != nil {
				return err
			}
			for _, name := range servers {
				names := hosts
				if len(names) == 0 {
					names = []string{name, "localhost", "127.0.0.1", "::1"}
				}
				if err := authority.Server(name, names); err != nil {
					return err
				}
				a.say("server %s: %s/%s.crt and .key", name, a.dir, name)
			}
			for _, name := range devices {
				if err := authority.Device(genbo.DeviceID(name)); err != nil {
					return err
				}
				a.say("device %s: %s/%s.crt and .key", name, a.dir, name)
			}
			a.say("authority: %s/%s", a.dir, certs.AuthorityFile)
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&a.dir, "dir", "certs", "directory of the certificates")
	f.StringArrayVar(&servers, "server", nil, "name of a server's certificate; may be repeated")
	f.StringSliceVar(&hosts, "host", nil, "names and addresses that servers are reached under (default: the server's name and this machine)")
	f.StringArrayVar(&devices, "device", nil, "identifier of a device; may be repeated")
	return c
}
