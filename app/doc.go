// Package app is the wire: it knows every room and no room knows it.
//
// Read app.go first: it opens the database, builds the core, lists the rooms
// and the jobs. Each subcommand of the command line has a file of its own.
package app
