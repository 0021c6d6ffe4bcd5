package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"preau/core/config"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/mail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/test/village"
)

type demoCommand struct {
	Addr    string `help:"Loopback address to listen on." default:"127.0.0.1:8080"`
	Data    string `help:"Folder of the demo." default:"./preau-data" type:"path" placeholder:"DIR"`
	Schools int    `help:"How many schools, when the folder is new." default:"3"`
	Seed    uint64 `help:"Another seed makes another village, when the folder is new." default:"1"`
	JSON    bool   `name:"json" help:"Print the logins as one JSON object."`
}

// demo is what the command prints.
type demo struct {
	URL    string  `json:"url"`
	Logins []login `json:"logins"`

	talking, silent []string // the pupils to whom messages are open, and those to whom they are not
}

// Run makes the demo when its folder is new, prints its logins and serves it.
func (d *demoCommand) Run(ctx context.Context, c *console) error {
	if !loopback(d.Addr) {
		return usage("a demo listens on a loopback address, which %s is not: its passwords are printed", d.Addr)
	}
	house, err := c.open(ctx, Place{Data: d.Data})
	if err != nil {
		return err
	}
	defer house.Close()
	if err := d.furnish(ctx, house, c); err != nil {
		return err
	}
	logins, err := house.cast(ctx)
	if err != nil {
		return fmt.Errorf("choosing who to be: %w", err)
	}
	if err := house.converse(ctx, logins); err != nil {
		return fmt.Errorf("writing the first words: %w", err)
	}
	out := demo{URL: siteOf(d.Addr), Logins: logins}
	if out.talking, out.silent, err = house.talks(ctx, logins); err != nil {
		return fmt.Errorf("finding which pupils write messages: %w", err)
	}
	letters, err := mail.NewFolder(d.mailFolder(), "preau.example")
	if err != nil {
		return err
	}
	house.sends(letters, out.URL)
	house.previews(ctx, false)
	return house.serve(ctx, d.Addr, out.URL, nil, func(*web.Site) error { return d.print(c, out, house.DB.Now()) })
}

// siteOf is the address of the portal, by its name where it has one: passkeys are
// made for a name.
func siteOf(addr string) string {
	if host, port, err := net.SplitHostPort(addr); err == nil && (host == "127.0.0.1" || host == "::1") {
		addr = net.JoinHostPort("localhost", port)
	}
	return "http://" + addr
}

// mailFolder is where the mail of the demo is kept: nobody is written to.
func (d *demoCommand) mailFolder() string { return filepath.Join(d.Data, "mail") }

// furnish feeds the deliveries of a fictional village to an empty folder.
func (d *demoCommand) furnish(ctx context.Context, house *House, c *console) error {
	fed := true
	err := house.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := feed.LastApplied(tx); fail.Is(err, fail.NotFound) {
			fed = false
		} else if err != nil {
			return err
		}
		if people, err := directory.Any(tx); err != nil {
			return err
		} else if people && !house.Demo {
			return errors.New("this folder holds the data of a real installation; give the demo another one with --data")
		}
		house.Demo = true
		return config.MarkDemo(tx)
	})
	if err != nil || fed {
		return err
	}
	dir, err := os.MkdirTemp(d.Data, "village-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	complete, delta := filepath.Join(dir, "complete"), filepath.Join(dir, "delta")
	if _, err := village.Write(complete, village.Options{
		Schools: d.Schools, Seed: d.Seed, Date: today(house.DB.Now()).AddDate(0, 0, -1), Headless: true,
	}); err != nil {
		return err
	}
	if _, err := village.WriteDelta(complete, delta, true); err != nil {
		return err
	}
	progress := newProgress(c.err)
	defer progress.end()
	for _, path := range []string{complete, delta} {
		if _, err := house.Feeder.Feed(ctx, path, feed.Options{Progress: progress.show}); err != nil {
			return err
		}
	}
	if err := house.DB.Write(ctx, house.attachTeachers); err != nil {
		return err
	}
	return house.DB.Write(ctx, house.nameReferents)
}

// print writes the logins, for people or for scripts, and what sleeps now.
func (d *demoCommand) print(c *console, out demo, now time.Time) error {
	if d.JSON {
		return json.NewEncoder(c.out).Encode(out)
	}
	fmt.Fprintf(c.out, "\nPréau is open at %s with fictional people. Be one of them:\n\n", out.URL)
	table := tabwriter.NewWriter(c.out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "profile\twho\tlogin\tpassword\tschool")
	for _, l := range out.Logins {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Profile, l.Name, l.Login, l.Password, l.School)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	from, to := school.Hours()
	fmt.Fprintf(c.out, "\nThe door of classes, and the class of the ATSEM, open on weekdays from %d:00 to %d:00 (Paris).\n", from, to)
	if opens := school.NextHours(now); opens.After(now) {
		fmt.Fprintf(c.out, "They are CLOSED NOW, until %s. Every login above works all the same.\n", opens.Format("Monday 2 January at 15:04"))
	}
	for _, name := range out.talking {
		fmt.Fprintf(c.out, "\nMessages between pupils: the teacher of %s has opened them to the class; sign in as this pupil to write to the teacher or to another pupil.\n", name)
	}
	for _, name := range out.silent {
		fmt.Fprintf(c.out, "%s has none: they are shut until a teacher opens them, from the page of the class.\n", name)
	}
	_, err := fmt.Fprintf(c.out, "\nIts mail is kept in this folder, a file a message:\n\n  %s\n\nCtrl-C closes it; the same folder opens again with the same logins.\n", d.mailFolder())
	return err
}

// demoLife is how long the demo's activation codes last: they are used at
// once.
const demoLife = time.Minute
