package photo

import "embed"

// Words holds the texts of what is refused.
//
//go:embed words/*.json
var Words embed.FS
