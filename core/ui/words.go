package ui

import "embed"

// Words holds the texts that belong to the components themselves.
//
//go:embed words/*.json
var Words embed.FS
