package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/exchange/reception"
)

type receptionCommands struct {
	Open    receptionOpenCommand    `cmd:"" help:"Open an account to an académie, or change what is agreed with it."`
	Close   receptionCloseCommand   `cmd:"" help:"Close an account: its folder is not looked at any more."`
	List    receptionListCommand    `cmd:"" help:"List the accounts, and what came last."`
	Release receptionReleaseCommand `cmd:"" help:"Have a held delivery applied without waiting."`
	Extract receptionExtractCommand `cmd:"" help:"Write the sealed files of a delivery in the clear."`
	Watch   receptionWatchCommand   `cmd:"" help:"Watch the folder where deliveries are put; serve --inbox does it by itself."`
	SSHD    receptionSSHDCommand    `cmd:"" name:"sshd" help:"Write how to serve the accounts with OpenSSH."`
}

type receptionOpenCommand struct {
	place
	Academy    string       `help:"Académie: its code, such as 025, or its name." required:"" placeholder:"CODE"`
	Account    string       `help:"Name of the account: of its folder, and of its SFTP user." required:"" placeholder:"NAME"`
	UAI        []school.UAI `name:"uai" help:"A school or an office that the project opened; once for each. Without any, all of the académie's." placeholder:"UAI"`
	Daily      bool         `help:"A delta comes each working day: one that does not follow is held."`
	Days       int          `help:"After how many days without anything it is told." default:"8"`
	NoChecksum bool         `help:"Take files without a SHA-256."`
}

// Run opens an account.
func (o *receptionOpenCommand) Run(ctx context.Context, c *console) error {
	for _, uai := range o.UAI {
		if !school.UAI(strings.ToUpper(string(uai))).Valid() {
			return usage("--uai %s is no UAI: seven digits and their check letter", uai)
		}
	}
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	a := reception.Account{
		Name: o.Account, Academy: academyCode(o.Academy), Schools: o.UAI,
		Daily: o.Daily, Checksum: !o.NoChecksum, SilenceDays: o.Days,
	}
	var opened bool
	if err := house.DB.Write(ctx, func(tx *db.Tx) error {
		known, err := reception.Known(tx, a.Academy)
		if err == nil && !known {
			return usage("--academy %s is no académie: give its code, such as 025, or its name; one that is not in the nomenclature must have delivered first", o.Academy)
		}
		if err != nil {
			return err
		}
		opened, err = house.Reception.Open(tx, a)
		return err
	}); err != nil {
		return err
	}
	what := "changed"
	if opened {
		what = "open"
	}
	fmt.Fprintf(c.out, "the account %s is %s: académie %s, %s\n", a.Name, what, a.Academy, perimeter(a))
	return nil
}

// academyCode reads an académie by its code or by its name.
func academyCode(text string) string {
	if strings.Trim(text, "0123456789") == "" {
		return school.AcademyCode(text, "")
	}
	return school.AcademyCode("", text)
}

func perimeter(a reception.Account) string {
	if len(a.Schools) == 0 {
		return "every school"
	}
	return fmt.Sprintf("%d schools and offices", len(a.Schools))
}

type receptionCloseCommand struct {
	place
	Account string `arg:"" help:"Account."`
}

// Run closes an account.
func (o *receptionCloseCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if err := house.DB.Write(ctx, func(tx *db.Tx) error { return house.Reception.Close(tx, o.Account) }); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "the account %s is closed; remove its SFTP user too\n", o.Account)
	return nil
}

type receptionListCommand struct {
	place
	JSON bool `name:"json" help:"Write one JSON object."`
}

// receptionJSON is what list writes for a program.
type receptionJSON struct {
	Accounts []accountJSON `json:"accounts"`
	Arrivals []arrivalJSON `json:"arrivals"` // newest first
}

type accountJSON struct {
	Name     string       `json:"account"`
	Academy  string       `json:"academy"`
	Schools  []school.UAI `json:"schools"` // empty: all
	Daily    bool         `json:"daily"`
	Checksum bool         `json:"checksum"`
	Days     int          `json:"silence_days"`
	Opened   time.Time    `json:"opened_at"`
	Heard    *time.Time   `json:"heard_at,omitempty"`
}

type arrivalJSON struct {
	ID        school.ID         `json:"arrival_id,string"`
	Account   string            `json:"account,omitempty"` // absent: put there by an operator
	Name      string            `json:"name"`
	SHA256    string            `json:"sha256,omitempty"`
	Bytes     int64             `json:"bytes"`
	State     reception.State   `json:"state"`
	Reason    reception.Reason  `json:"reason,omitempty"`
	Detail    string            `json:"detail,omitempty"`
	Delivery  string            `json:"delivery,omitempty"`
	Feed      school.ID         `json:"delivery_id,string,omitempty"`
	Arrived   time.Time         `json:"received_at"`
	Destroyed *time.Time        `json:"destroyed_at,omitempty"`
	Expected  string            `json:"expected,omitempty"`     // day that a gap lacks first
	After     string            `json:"last_applied,omitempty"` // day before a gap
	Trouble   reception.Trouble `json:"trouble,omitempty"`      // of the last try
	Again     *time.Time        `json:"try_at,omitempty"`
}

// Run lists the accounts and the last hundred arrivals.
func (o *receptionListCommand) Run(ctx context.Context, c *console) error {
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var accounts []reception.Account
	var arrivals []reception.Arrival
	names := map[school.ID]string{}
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if accounts, err = reception.Accounts(tx); err != nil {
			return err
		}
		if names, err = reception.Names(tx); err != nil {
			return err
		}
		arrivals, err = reception.Arrivals(tx, 100)
		return err
	}); err != nil {
		return err
	}
	if o.JSON {
		list := receptionJSON{[]accountJSON{}, []arrivalJSON{}}
		for _, a := range accounts {
			list.Accounts = append(list.Accounts, accountJSON{
				a.Name, a.Academy, append([]school.UAI{}, a.Schools...), a.Daily, a.Checksum, a.SilenceDays, a.OpenedAt.UTC(), instant(a.HeardAt),
			})
		}
		for _, a := range arrivals {
			list.Arrivals = append(list.Arrivals, arrivalJSON{
				a.ID, names[a.Account], a.Name, a.Digest, a.Size, a.State, a.Reason, a.Detail, a.Delivery, a.Feed, a.ArrivedAt.UTC(), instant(a.Destroyed),
				a.Expected, a.After, a.Trouble, instant(a.TryAt),
			})
		}
		return json.NewEncoder(c.out).Encode(list)
	}
	if len(accounts) == 0 {
		fmt.Fprintln(c.err, "no account is open")
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, a := range accounts {
		heard := "nothing sound came yet"
		if !a.HeardAt.IsZero() {
			heard = "last " + a.HeardAt.In(school.Paris).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Name, a.Academy, perimeter(a), heard)
	}
	fmt.Fprintln(table)
	for _, a := range arrivals {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.ID, a.ArrivedAt.In(school.Paris).Format("2006-01-02 15:04"),
			cmp.Or(names[a.Account], "-"), a.Name, a.State, strings.TrimSpace(string(a.Reason)+" "+a.Detail+pending(a)))
	}
	return table.Flush()
}

// pending says what a gap lacks, and why a try failed and when the next one is.
func pending(a reception.Arrival) (said string) {
	if a.Expected != "" {
		said += " expected " + a.Expected
	}
	if a.After != "" {
		said += " last applied " + a.After
	}
	if a.Trouble != "" {
		said += " last try failed: " + string(a.Trouble)
		if !a.TryAt.IsZero() {
			said += ", again at " + a.TryAt.In(school.Paris).Format("2006-01-02 15:04")
		}
	}
	return said
}

// instant is a time that may not have come.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type receptionReleaseCommand struct {
	place
	ID string `arg:"" help:"Arrival, as list writes it."`
}

// Run lets go of a held delivery.
func (o *receptionReleaseCommand) Run(ctx context.Context, c *console) error {
	id, err := school.ParseID(o.ID)
	if err != nil {
		return usage("%v", err)
	}
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if err := house.DB.Write(ctx, func(tx *db.Tx) error { return house.Reception.Release(tx, id, audit.By{}) }); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "The arrival %s will be applied when this looks at its folder next:\n\n  preau serve --inbox DIR\n", id)
	return nil
}

type receptionExtractCommand struct {
	place
	ID  string `arg:"" help:"Arrival, as list writes it."`
	Out string `help:"Folder where its files are written." required:"" type:"path" placeholder:"DIR"`
}

// Run writes sealed files in the clear, and journals that it did.
func (o *receptionExtractCommand) Run(ctx context.Context, c *console) error {
	id, err := school.ParseID(o.ID)
	if err != nil {
		return usage("%v", err)
	}
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if err := house.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := reception.ArrivalByID(tx, id)
		if err != nil {
			return err
		}
		if !a.Destroyed.IsZero() {
			return fail.New(fail.NotFound, "the files of %s were destroyed on %s", id, a.Destroyed.In(school.Paris).Format(time.DateOnly))
		}
		return house.Audit.Write(tx, audit.Entry{Action: reception.ActExtract, Kind: "arrival", Object: id})
	}); err != nil {
		return err
	}
	path, err := house.Reception.Vault.Unseal(ctx, id, o.Out)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is in the clear: destroy it once it is of no more use\n", path)
	return nil
}

type receptionSSHDCommand struct {
	place
	Inbox string `help:"Folder that preau serve --inbox watches." required:"" type:"path" placeholder:"DIR"`
	User  string `help:"Whom preau runs as." default:"preau"`
}

// Run writes a configuration.
func (o *receptionSSHDCommand) Run(ctx context.Context, c *console) error {
	if strings.ContainsAny(o.Inbox, " \t\"%\n") {
		return usage("the path of the inbox must hold no space, quote or %%, for sshd")
	}
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var accounts []reception.Account
	if err := house.DB.Read(ctx, func(tx *db.Tx) (err error) {
		accounts, err = reception.Accounts(tx)
		return err
	}); err != nil {
		return err
	}
	return reception.SSHD(c.out, o.Inbox, o.User, accounts)
}
