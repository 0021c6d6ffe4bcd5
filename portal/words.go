package portal

import "embed"

// Words holds the texts of the hall.
//
//go:embed words/*.json
var Words embed.FS
