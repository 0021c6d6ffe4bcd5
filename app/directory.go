package app

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"preau/core/db"
	"preau/directory"
)

type directoryCommand struct {
	Stats  statsCommand  `cmd:"" help:"Count what the register holds."`
	Scopes scopesCommand `cmd:"" help:"List what schools are within, by the names that a CSV of référents uses."`
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
	_, err = fmt.Fprintf(c.out, "schools   %d\nclasses   %d\npupils    %d\nguardians %d\nstaff     %d\nbonds     %d\ndeparted  %d\n",
		stats.Schools, stats.Classes, stats.Pupils, stats.Guardians, stats.Staff, stats.Bonds, stats.Departed)
	return err
}

type scopesCommand struct {
	place
	JSON bool `name:"json" help:"Write one JSON object a structure."`
}

// scope is a structure under the name that files use.
type scope struct {
	Ref  string         `json:"ref"`
	Kind directory.Kind `json:"kind"`
	Name string         `json:"name"`
}

// Run lists the open structures, from the widest, then by name.
func (s *scopesCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, s.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var structures []directory.Structure
	err = house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		structures, err = directory.Scopes(tx)
		return err
	})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, at := range structures {
		if s.JSON {
			if err := json.NewEncoder(c.out).Encode(scope{at.Ref, at.Kind, at.Name}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", at.Ref, at.Kind, at.Name)
	}
	return table.Flush()
}
