package whom

import "embed"

// Words are the texts of the component.
//
//go:embed words/*.json
var Words embed.FS
