package api

import "genbo/internal/front/page"

func (a *api) describe() error { return nil }
func (a *api) docs()           {}

var _ page.Lang
