package app

import (
	"context"
	"encoding/json"
	"fmt"

	"preau/core/db"
	"preau/directory"
)

type directoryCommand struct {
	Stats statsCommand `cmd:"" help:"Count what the register holds."`
}

type statsCommand struct {
	place
	JSON bool `name:"json" help:"Write JSON."`
}

// Run counts the register.
func (s *statsCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, s.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var stats directory.Stats
	err = house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		stats, err = directory.Count(tx)
		return err
	})
	if err != nil {
		return err
	}
	if s.JSON {
		return json.NewEncoder(c.out).Encode(stats)
	}
	fmt.Fprintf(c.out, "schools   %d\nclasses   %d\npupils    %d\nguardians %d\nstaff     %d\nbonds     %d\ndeparted  %d\n",
		stats.Schools, stats.Classes, stats.Pupils, stats.Guardians, stats.Staff, stats.Bonds, stats.Departed)
	return nil
}
