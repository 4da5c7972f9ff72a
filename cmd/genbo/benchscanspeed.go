package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"genbo/internal/work/scan"
)

func (a *app) scanSpeed(context.Context, benchScanFlags) error { return nil }

var _ = fmt.Sprint
var _ = os.Args
var _ = filepath.Join
var _ = time.Now
var _ scan.Options
