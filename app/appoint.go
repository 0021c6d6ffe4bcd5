package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/directory"
	"preau/office/register"
)

type adminAppointCommand struct {
	place
	Path   string `arg:"" help:"The sheet: a line names the columns civilite, prenom, nom, poste, lieu, motif, courriel, intitule, jusqu au." type:"path"`
	DryRun bool   `help:"Check the sheet, and change nothing."`
	JSON   bool   `name:"json" help:"Write one JSON object a line of the sheet."`
}

// errDryRun rolls back what a dry run wrote.
var errDryRun = errors.New("dry run")

// Run appoints everybody in the sheet, or nobody.
func (a *adminAppointCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, a.at())
	if err != nil {
		return err
	}
	defer house.Close()
	file, err := os.Open(a.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	var lines []register.RollLine
	err = house.DB.Write(ctx, func(tx *db.Tx) (err error) {
		anybody := func(directory.Template, directory.Structure) error { return nil }
		lines, err = house.office().Roll(tx, file, audit.Entry{Request: "preau admin appoint"}, anybody)
		if err == nil && a.DryRun {
			err = errDryRun
		}
		return err
	})
	for _, line := range lines {
		reason := ""
		if line.Reason != "" {
			reason = house.Words.Say(i18n.English, line.Reason)
		}
		switch {
		case a.JSON:
			err = errors.Join(err, json.NewEncoder(c.out).Encode(line))
		case reason != "":
			fmt.Fprintf(c.out, "line %d: %s, %s at %s: %s: %s\n", line.Line, line.Name, line.Post, line.Place, line.State, reason)
		default:
			fmt.Fprintf(c.out, "line %d: %s, %s at %s: %s\n", line.Line, line.Name, line.Post, line.Place, line.State)
		}
	}
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}
