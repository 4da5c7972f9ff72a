package main

import (
	"time"

	"github.com/spf13/cobra"

	"genbo/internal/front/scancmd"
)

// scan is the same command that genbo-agent has, which here can join with the register at hand.
func (a *app) scan() *cobra.Command {
	return scancmd.NewWith(a.lang, time.Now, a.out, a.err, &atHand{app: a})
}
