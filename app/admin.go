package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
)

type adminCommand struct {
	Add     adminAddCommand     `cmd:"" help:"Make an operator of the installation, or give them a new link."`
	Code    adminCodeCommand    `cmd:"" help:"Give the first code of somebody of the register, such as the head of a school."`
	Appoint adminAppointCommand `cmd:"" help:"Appoint the people of a CSV sheet: agents, pilots, staff whom no delivery brings."`

	Disable     adminDisableCommand     `cmd:"" help:"Shut an account whose password is in other hands, and sign it out everywhere."`
	Enable      adminEnableCommand      `cmd:"" help:"Open an account that was shut, with the password it had."`
	Reopen      adminReopenCommand      `cmd:"" help:"Open again an account that was frozen, by its person or by the breaker; they need a new code."`
	ResetFactor adminResetFactorCommand `cmd:"" name:"reset-factor" help:"Take away the second factor of somebody who lost it; they make another at their next sign-in."`
}

// onAccount does something to the account of a login, and says so.
func (p place) onAccount(ctx context.Context, c *console, login, said string, act func(*House, *db.Tx, school.ID) error) error {
	house, err := c.open(ctx, p.at())
	if err != nil {
		return err
	}
	defer house.Close()
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		person, err := house.holder(tx, login)
		if err != nil {
			return err
		}
		return act(house, tx, person)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, said, login)
	return err
}

// holder finds whose login this is.
func (h *House) holder(tx *db.Tx, login string) (school.ID, error) {
	person, err := account.Person(tx, login)
	if fail.Is(err, fail.NotFound) {
		return 0, fmt.Errorf("nobody has the login %s", login)
	}
	if err != nil {
		return 0, fmt.Errorf("reading whose login %s is: %w", login, err)
	}
	return person, nil
}

// missing says in the operator's words what an account lacks.
func missing(err error, words string) error {
	if fail.Is(err, fail.NotFound) {
		return errors.New(words)
	}
	return err
}

type adminDisableCommand struct {
	place
	Login string `arg:"" help:"Login."`
}

// Run shuts an account: that of somebody whose password is in other hands.
func (a *adminDisableCommand) Run(ctx context.Context, c *console) error {
	return a.onAccount(ctx, c, a.Login, "%s is shut, and signed out everywhere.\n", func(house *House, tx *db.Tx, person school.ID) error {
		return house.Accounts.Disable(tx, person, audit.By{})
	})
}

type adminEnableCommand struct {
	place
	Login string `arg:"" help:"Login."`
}

// Run opens an account that was shut, with the password it had.
func (a *adminEnableCommand) Run(ctx context.Context, c *console) error {
	return a.onAccount(ctx, c, a.Login, "%s is open again, with the password it had.\n", func(house *House, tx *db.Tx, person school.ID) error {
		return house.Accounts.Enable(tx, person, audit.By{})
	})
}

type adminReopenCommand struct {
	place
	Login string `arg:"" help:"Login."`
}

// Run opens an account that was frozen again: that of the last operator, or
// of the only head of a school, whom nobody else may help.
func (a *adminReopenCommand) Run(ctx context.Context, c *console) error {
	const said = "%[1]s is open again, without its password and its second factor. Give a new code:\n\n" +
		"  preau admin code %[1]s --url https://…\n"
	return a.onAccount(ctx, c, a.Login, said, func(house *House, tx *db.Tx, person school.ID) error {
		return missing(house.Accounts.Reopen(tx, person, audit.By{}), "this account was not frozen")
	})
}

type adminResetFactorCommand struct {
	place
	Login string `arg:"" help:"Login."`
}

// Run takes away somebody's second factor. Their password stays: who cannot be
// seen face to face is not given a code at the same time.
func (a *adminResetFactorCommand) Run(ctx context.Context, c *console) error {
	const said = "The second factor of %s is gone, and their sessions are closed.\n"
	return a.onAccount(ctx, c, a.Login, said, func(house *House, tx *db.Tx, person school.ID) error {
		return missing(house.Accounts.ResetFactors(tx, person, audit.By{}), "this login has no second factor")
	})
}

type adminCodeCommand struct {
	place
	URL   string `name:"url" help:"Public address of the portal." default:"http://127.0.0.1:8080"`
	Login string `arg:"" help:"Login."`
}

// Run prints a link with which somebody who never signed in chooses their
// password. An account in use is its owner's: their school renews its code.
func (a *adminCodeCommand) Run(ctx context.Context, c *console) error {
	if err := linkURL(a.URL); err != nil {
		return err
	}
	house, err := c.open(ctx, a.at())
	if err != nil {
		return err
	}
	defer house.Close()
	var code account.Code
	err = house.DB.Write(ctx, func(tx *db.Tx) error {
		person, err := house.holder(tx, a.Login)
		if err != nil {
			return err
		}
		accounts, err := account.Of(tx, person)
		if err != nil {
			return err
		}
		if !accounts[person].Activated.IsZero() {
			return errors.New("this account is in use already; its owner's school renews codes")
		}
		code, err = house.Accounts.IssueCode(tx, person, audit.By{}, account.LinkLife)
		return err
	})
	if err != nil {
		return err
	}
	return c.link(code, a.URL)
}

// linkURL refuses the address of links that nobody could open.
func linkURL(url string) error {
	if err := web.CheckURL(url); err != nil {
		return usage("--url: %v", err)
	}
	return nil
}

// link prints an activation link, once.
func (c *console) link(code account.Code, url string) error {
	_, err := fmt.Fprintf(c.out, "Login: %s\nOpen this link once, before %s, to choose a password:\n\n  %s%s\n",
		code.Login, code.Expires.In(school.Paris).Format("2006-01-02 15:04"), url, code.Link())
	return err
}

type adminAddCommand struct {
	place
	URL   string `name:"url" help:"Public address of the portal." default:"http://127.0.0.1:8080"`
	First string `help:"First name."`
	Name  string `help:"Family name; without it, the login."`
	Login string `arg:"" help:"Login: prenom.nom."`
}

// Run makes an operator and prints the link with which they choose their
// password, once.
func (a *adminAddCommand) Run(ctx context.Context, c *console) error {
	if err := linkURL(a.URL); err != nil {
		return err
	}
	house, err := c.open(ctx, a.at())
	if err != nil {
		return err
	}
	defer house.Close()
	if a.Name == "" {
		a.Name = a.Login
	}
	var code account.Code
	made := false
	err = house.DB.Write(ctx, func(tx *db.Tx) (err error) {
		person, err := account.Person(tx, a.Login)
		if made = fail.Is(err, fail.NotFound); made {
			person, err = house.office.Appoint(tx, directory.Appointment{
				First: a.First, Usual: a.Name, Template: "operator", Reason: "preau admin add",
			}, a.Login, audit.Entry{})
		} else if err == nil {
			err = operates(tx, person)
		}
		if err != nil {
			return err
		}
		code, err = house.Accounts.IssueCode(tx, person, audit.By{}, account.LinkLife)
		return err
	})
	if err != nil {
		return err
	}
	if made {
		fmt.Fprintf(c.err, "%s is a new operator of the installation.\n", code.Login)
	} else {
		fmt.Fprintf(c.err, "The link that %s had, and did not use, is void.\n", code.Login)
	}
	return c.link(code, a.URL)
}

// operates refuses to give the link of somebody who is no operator: their
// school hands out their codes.
func operates(tx *db.Tx, person school.ID) error {
	hats, err := directory.Hats(tx, person)
	if err == nil && !slices.Contains(hats, school.Operator) {
		err = errors.New("this login is of somebody who does not run the installation; choose another")
	}
	return err
}
