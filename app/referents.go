package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"preau/core/db"
	"preau/office/register"
)

type referentsCommand struct {
	place
	Path   string `arg:"" help:"CSV with the columns role, scope, name, mail, phone, url and, if wanted, families." type:"path"`
	DryRun bool   `help:"Preview: say what would change, and change nothing."`
	JSON   bool   `name:"json" help:"Write one JSON object."`
}

// referentsResult is what a file did.
type referentsResult struct {
	State string `json:"state"` // applied, previewed, refused
	register.RecordedReferents
}

// Run records the référents of a file, all or none.
func (c *referentsCommand) Run(ctx context.Context, term *console) error {
	result := referentsResult{State: "applied"}
	if c.DryRun {
		result.State = "previewed"
	}
	err := term.enter(ctx, c.at(), c.Path, c.DryRun, func(house *House, tx *db.Tx, in io.Reader) (err error) {
		result.RecordedReferents, err = house.office.RecordReferents(tx, in)
		return err
	})
	switch {
	case len(result.Refused) > 0:
		result = referentsResult{"refused", register.RecordedReferents{Refused: result.Refused}}
	case err != nil:
		return err
	}
	return errors.Join(term.sayReferents(result, c.JSON), err)
}

func (c *console) sayReferents(r referentsResult, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(c.out).Encode(r)
	}
	for _, line := range r.Refused {
		fmt.Fprintf(c.out, "line %d: %s\n", line.Line, line.Reason)
	}
	if len(r.Refused) > 0 {
		fmt.Fprint(c.err, "The names of the places are listed by:\n\n  preau directory scopes\n\n")
	}
	_, err := fmt.Fprintf(c.out, "%s: %d added, %d changed, %d unchanged, %d refused\n", r.State, r.Added, r.Changed, r.Unchanged, len(r.Refused))
	return err
}
