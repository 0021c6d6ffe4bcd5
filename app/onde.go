package app

import (
	"context"
	"encoding/json"
	"errors"

	"preau/core/school"
	"preau/directory/feed"
	"preau/directory/onde"
)

type ondeCommand struct {
	place
	Paths            []string `arg:"" name:"path" help:"CSV files, folders or zips, in any order." type:"path"`
	School           string   `help:"UAI of the school." required:"" placeholder:"UAI"`
	Name             string   `help:"Name of the school, when the register does not know it."`
	DryRun           bool     `help:"Preview: say what would change, and change nothing."`
	AcceptDepartures bool     `help:"Let people depart, however many."`
	JSON             bool     `name:"json" help:"Write one JSON object."`
}

// Run feeds a school with the extractions of ONDE.
func (o *ondeCommand) Run(ctx context.Context, c *console) error {
	files, err := onde.Open(o.Paths...)
	if err != nil {
		return feed.AsRefusal(err)
	}
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	progress := newProgress(c.err)
	result, err := house.Feeder.FeedExtraction(ctx, files, feed.School{UAI: school.UAI(o.School), Name: o.Name}, feed.Options{
		DryRun: o.DryRun, AcceptDepartures: o.AcceptDepartures, Progress: progress.show,
	})
	progress.end()
	switch {
	case result.State == "": // it did not begin
	case o.JSON:
		err = errors.Join(err, json.NewEncoder(c.out).Encode(result))
	default:
		c.say(result, !o.DryRun)
	}
	return err
}
