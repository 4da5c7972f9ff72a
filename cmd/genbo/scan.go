package main

import (
	"time"

	"github.com/spf13/cobra"

	"genbo/internal/front/scancmd"
)

// scan is the same command that genbo-agent has.
func (a *app) scan() *cobra.Command { return scancmd.New(a.lang, time.Now, a.out, a.err) }
