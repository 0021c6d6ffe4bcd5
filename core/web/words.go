package web

import "embed"

// Words holds the texts of the error pages.
//
//go:embed words/*.json
var Words embed.FS
