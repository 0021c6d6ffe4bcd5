package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"preau/account/federation"
	"preau/core/db"
	"preau/core/school"
)

type federationCommands struct {
	Add     federationAddCommand     `cmd:"" help:"Declare an identity provider, or declare it anew."`
	List    federationListCommand    `cmd:"" help:"List the identity providers."`
	Show    federationShowCommand    `cmd:"" help:"Show the declaration of one, without its secret."`
	Remove  federationRemoveCommand  `cmd:"" help:"Forget one: nobody comes in by it any more."`
	Refresh federationRefreshCommand `cmd:"" help:"Read again now what one publishes, as every night."`
}

// maxDeclaration is the largest declaration, in bytes.
const maxDeclaration = 64 << 10

type federationAddCommand struct {
	place
	Path string `arg:"" help:"JSON of the declaration; see docs/federation.md." type:"path"`
}

// Run declares a provider once what it publishes was read.
func (f *federationAddCommand) Run(ctx context.Context, c *console) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxDeclaration))
	if err != nil {
		return err
	}
	p, err := federation.Declared(text)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if err := house.Federation.Add(ctx, p, filepath.Dir(f.Path)); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is declared: %s come in by %s\n", p.Name, p.For, p.Label)
	return nil
}

type federationListCommand struct {
	place
	JSON bool `name:"json" help:"Write one JSON object."`
}

// federationJSON is a provider, for a program.
type federationJSON struct {
	federation.Provider
	Refreshed  time.Time  `json:"refreshed_at"`
	ValidUntil *time.Time `json:"valid_until,omitempty"`
	Open       bool       `json:"open"`
	Trouble    string     `json:"trouble,omitempty"` // of the last refresh
}

func (h *House) providerJSON(p federation.Provider) federationJSON {
	return federationJSON{p, p.Refreshed.UTC(), instant(p.ValidUntil), p.Open(h.DB.Now()), p.Trouble}
}

// Run lists the providers, and what went wrong with each.
func (f *federationListCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, f.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var all []federation.Provider
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = federation.Providers(tx)
		return err
	}); err != nil {
		return err
	}
	if f.JSON {
		list := []federationJSON{}
		for _, p := range all {
			list = append(list, house.providerJSON(p))
		}
		return json.NewEncoder(c.out).Encode(map[string]any{"providers": list})
	}
	if len(all) == 0 {
		fmt.Fprintln(c.err, "no provider is declared")
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, p := range all {
		state := "open"
		if !p.Open(house.DB.Now()) {
			state = "closed: what it publishes is past its term"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\tread %s\t%s\t%s\n", p.Name, p.Protocol, p.For, p.Label,
			p.Refreshed.In(school.Paris).Format("2006-01-02 15:04"), state, p.Trouble)
	}
	return table.Flush()
}

type federationShowCommand struct {
	place
	Name string `arg:"" help:"Name of the provider."`
}

// Run shows a declaration.
func (f *federationShowCommand) Run(ctx context.Context, c *console) error {
	return f.with(ctx, c, f.Name, func(house *House, p federation.Provider) error {
		encoder := json.NewEncoder(c.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(house.providerJSON(p))
	})
}

// with runs a function on a provider of the installation.
func (p place) with(ctx context.Context, c *console, name string, f func(*House, federation.Provider) error) error {
	house, err := c.open(ctx, p.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var found federation.Provider
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = federation.ProviderNamed(tx, name)
		return err
	}); err != nil {
		return fmt.Errorf("the provider %s: %w", name, err)
	}
	return f(house, found)
}

type federationRemoveCommand struct {
	place
	Name string `arg:"" help:"Name of the provider."`
}

// Run forgets a provider.
func (f *federationRemoveCommand) Run(ctx context.Context, c *console) error {
	return f.with(ctx, c, f.Name, func(house *House, p federation.Provider) error {
		if err := house.DB.Write(ctx, func(tx *db.Tx) error { return house.Federation.Remove(tx, p.Name) }); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s is forgotten; the sessions that it opened last until their term\n", p.Name)
		return nil
	})
}

type federationRefreshCommand struct {
	place
	Name string `arg:"" help:"Name of the provider."`
}

// Run reads again what a provider publishes.
func (f *federationRefreshCommand) Run(ctx context.Context, c *console) error {
	return f.with(ctx, c, f.Name, func(house *House, p federation.Provider) error {
		if err := house.Federation.Refresh(ctx, p); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s was read again\n", p.Name)
		return nil
	})
}
