package content

import "embed"

// Words holds what people call files, and what they are told of one that is refused.
//
//go:embed words/*.json
var Words embed.FS
