package directory

import (
	"embed"

	"preau/core/db"
)

//go:embed schema/*.sql
var files embed.FS

// Schema is the migrations of the register's tables.
func Schema() db.Schema { return db.Schema{Name: "directory", Files: files} }

// Words are the texts that the register says to people.
//
//go:embed words/*.json
var Words embed.FS
