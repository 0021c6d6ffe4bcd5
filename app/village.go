package app

import (
	"fmt"
	"time"

	"preau/core/school"
	"preau/test/village"
)

type villageCommand struct {
	Schools  int    `help:"How many schools." default:"3"`
	Seed     uint64 `help:"Another seed makes another village." default:"1"`
	Troubles bool   `help:"Sow the troubles that real deliveries have."`
	Out      string `help:"Folder where the files are written." required:"" type:"path" placeholder:"DIR"`
	Onde     string `help:"Write what the head of this school extracts from ONDE, and nothing else." placeholder:"UAI"`
	DeltaOf  string `help:"Write the next day's delta of the delivery in this folder." type:"existingdir" placeholder:"DIR"`
}

// Run writes a delivery.
func (v *villageCommand) Run(c *console) error {
	var sum village.Summary
	var err error
	options := village.Options{Schools: v.Schools, Seed: v.Seed, Troubles: v.Troubles, Date: today(time.Now())}
	if v.Onde != "" {
		sum, err = village.WriteExtraction(v.Out, options, school.UAI(v.Onde))
	} else if v.DeltaOf != "" {
		sum, err = village.WriteDelta(v.DeltaOf, v.Out, v.Troubles)
	} else {
		sum, err = village.Write(v.Out, options)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%d files, %d schools, %d classes, %d pupils, %d guardians, %d staff, %d bonds\n",
		sum.Files, sum.Schools, sum.Classes, sum.Pupils, sum.Guardians, sum.Staff, sum.Bonds)
	for _, what := range []struct {
		done string
		n    village.Requests
	}{{"added", sum.Added}, {"modified", sum.Modified}, {"deleted", sum.Deleted}} {
		if v.DeltaOf != "" {
			fmt.Fprintf(c.out, "%s: %d pupils, %d guardians, %d staff\n", what.done, what.n.Pupils, what.n.Guardians, what.n.Staff)
		}
	}
	return nil
}

// today is the day in Paris, as deliveries write it: midnight UTC.
func today(now time.Time) time.Time {
	now = now.In(school.Paris)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}
