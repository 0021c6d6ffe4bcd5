package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory"
	"preau/office/register"
)

type adminAppointCommand struct {
	place
	Path   string `arg:"" help:"The sheet: a line names the columns civilite, prenom, nom, poste, lieu, motif, courriel, intitule, jusqu au, meme personne." type:"path"`
	DryRun bool   `help:"Check the sheet, and change nothing."`
	JSON   bool   `name:"json" help:"Write one JSON object a line of the sheet."`
}

// Run appoints everybody in the sheet, or nobody.
func (a *adminAppointCommand) Run(ctx context.Context, c *console) error {
	var words *i18n.Catalogue
	var lines []register.RollLine
	err := c.enter(ctx, a.at(), a.Path, a.DryRun, func(house *House, tx *db.Tx, in io.Reader) (err error) {
		operator := register.Granter{
			May:     func(directory.Post) (bool, error) { return true, nil },
			Answers: func(school.ID) error { return nil },
		}
		words = house.Words
		lines, err = house.office.Roll(tx, in, audit.Entry{By: audit.By{Request: "preau admin appoint"}}, operator)
		return err
	})
	for _, line := range lines {
		reason := line.Why(words, i18n.English)
		switch {
		case a.JSON:
			err = errors.Join(err, json.NewEncoder(c.out).Encode(line))
		case reason != "":
			fmt.Fprintf(c.out, "line %d: %s, %s at %s: %s: %s\n", line.Line, line.Name, line.Post, line.Place, line.State, reason)
		default:
			fmt.Fprintf(c.out, "line %d: %s, %s at %s: %s\n", line.Line, line.Name, line.Post, line.Place, line.State)
		}
	}
	return err
}
