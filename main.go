// Préau is an ENT (espace numérique de travail) for primary schools: one
// portal, fed by the State's directory. See app for everything.
package main

import (
	"os"

	"preau/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr)) }
