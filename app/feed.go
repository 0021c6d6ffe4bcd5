package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"text/tabwriter"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory/feed"
)

type feedCommands struct {
	Path   feedCommand       `cmd:"" default:"withargs" help:"Take a folder, a zip or a tgz of deliveries (a folder called list, undo or report is written ./list)."`
	List   feedListCommand   `cmd:"" help:"List the last deliveries."`
	Undo   feedUndoCommand   `cmd:"" help:"Undo the last delivery."`
	Report feedReportCommand `cmd:"" help:"Write the conformity report of a delivery."`
}

type feedCommand struct {
	place
	Path             string `arg:"" help:"Where the deliveries are." type:"path"`
	DryRun           bool   `help:"Preview: say what would change, and change nothing."`
	AcceptDepartures bool   `help:"Let people depart, however many."`
	Gently           bool   `help:"Leave PostgreSQL to the pages of a server: take up to half a minute more."`
	JSON             bool   `name:"json" help:"Write one JSON object a delivery."`
}

// feedMemory is how many bytes of Go a feed takes before it collects its
// garbage more often: that of an académie needs some 170 MB at once. What
// SQLite takes comes on top.
const feedMemory = 256 << 20

// spareMemory is for a process that feeds and does nothing else: it collects
// its garbage seldom, unless memory runs short.
func spareMemory() {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(feedMemory)
}

// Run feeds.
func (f *feedCommand) Run(ctx context.Context, c *console) error {
	spareMemory()
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if f.Gently {
		house.DB.Gently()
	}
	progress := newProgress(c.err)
	results, err := house.Feeder.Feed(ctx, f.Path, feed.Options{
		DryRun: f.DryRun, AcceptDepartures: f.AcceptDepartures, Progress: progress.show,
	})
	progress.end()
	for _, result := range results {
		if f.JSON {
			err = errors.Join(err, json.NewEncoder(c.out).Encode(result))
		} else {
			c.say(result, !f.DryRun)
		}
	}
	return err
}

// say writes what a delivery did, and its identifier when it is in the journal.
func (c *console) say(r feed.Result, journaled bool) {
	fmt.Fprintf(c.out, "%s: %s", r.Name, r.State)
	if journaled {
		fmt.Fprintf(c.out, ", delivery %s", r.ID)
	}
	fmt.Fprintf(c.out, " (%.1f s, %d warnings)\n", r.Seconds, r.Warnings)
	if r.State == feed.Refused {
		return
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\tadded\tchanged\tunchanged\tdeparted\trejected\t")
	for _, row := range []struct {
		what string
		n    feed.Count
	}{
		{"schools", r.Schools}, {"classes", r.Classes}, {"pupils", r.Pupils},
		{"guardians", r.Guardians}, {"staff", r.Staff}, {"bonds", r.Bonds},
	} {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t\n", row.what, row.n.Added, row.n.Changed, row.n.Unchanged, row.n.Departed, row.n.Rejected)
	}
	_ = table.Flush() // on the terminal, like the lines around it
	for _, hold := range r.Held {
		fmt.Fprintf(c.out, "held: %s %s, %d departures of %d people wait for a decision\n", hold.UAI, hold.Name, hold.People, hold.Population)
	}
}

type feedListCommand struct {
	place
	JSON bool `name:"json" help:"Write one JSON object a delivery."`
}

// Run lists the last hundred deliveries, newest first.
func (f *feedListCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var list []feed.Delivery
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = feed.Deliveries(tx, 100)
		return err
	}); err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(c.err, "no delivery yet")
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, d := range list {
		if f.JSON {
			if err := json.NewEncoder(c.out).Encode(feed.Listed(d)); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d warnings\t%s\n", d.ID, d.FedAt.In(school.Paris).Format("2006-01-02 15:04"), d.Name, d.State, d.Warnings, d.Refusal)
	}
	return table.Flush()
}

type feedUndoCommand struct {
	place
	ID string `arg:"" help:"Delivery."`
}

// Run undoes a delivery.
func (f *feedUndoCommand) Run(ctx context.Context, c *console) error {
	id, err := school.ParseID(f.ID)
	if err != nil {
		return usage("%v", err)
	}
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if err := house.Feeder.Undo(ctx, id); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "delivery %s is undone: the register is what it was before\n", id)
	return nil
}

type feedReportCommand struct {
	place
	ID   string `arg:"" help:"Delivery."`
	CSV  bool   `name:"csv" xor:"form" help:"Write CSV, for a spreadsheet."`
	JSON bool   `name:"json" xor:"form" help:"Write JSON."`
	Lang string `help:"Language of the sentences." default:"fr" enum:"fr,en"`
}

// Run writes a conformity report.
func (f *feedReportCommand) Run(ctx context.Context, c *console) error {
	id, err := school.ParseID(f.ID)
	if err != nil {
		return usage("%v", err)
	}
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var delivery feed.Delivery
	var lines []feed.ReportLine
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if delivery, err = feed.DeliveryByID(tx, id); err != nil {
			return err
		}
		lines, err = feed.Report(tx, id, nil)
		return err
	}); err != nil {
		return err
	}
	say := func(key string, args ...any) string { return house.Words.Say(i18n.Lang(f.Lang), key, args...) }
	switch {
	case f.CSV:
		return feed.WriteCSV(c.out, lines, say)
	case f.JSON:
		return feed.WriteJSON(c.out, feed.Listed(delivery), lines, say)
	}
	return feed.WriteText(c.out, delivery, lines, say)
}
