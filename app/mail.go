package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"

	"preau/core/mail"
	"preau/core/notify"
)

// mailed is the flags of a command from which mail leaves.
type mailed struct {
	SMTP         string `name:"smtp" help:"Server that takes the mail, smtps://user@host:465 or smtp://user@host:587 (STARTTLS). Without it no mail is sent, and no page offers any." placeholder:"URL"`
	SMTPPassword string `name:"smtp-password-file" help:"File of the password of the user of --smtp." type:"path" placeholder:"FILE"`
	MailFrom     string `help:"Sender of the mail, with or without a name. Required with --smtp." placeholder:"ADDRESS"`
	MailReturn   string `help:"Address to which notifications that cannot be delivered come back, each under a name of its own (returns+…@example.fr): see preau mail bounce. Without it they come back to the sender." placeholder:"ADDRESS"`
}

// carrier makes the way by which mail leaves, for the public address of a
// portal; nil when there is none.
func (m mailed) carrier(address string) (*mail.SMTP, error) {
	if m.SMTP == "" {
		if m.SMTPPassword != "" || m.MailFrom != "" || m.MailReturn != "" {
			return nil, usage("--smtp-password-file, --mail-from and --mail-return go with --smtp")
		}
		return nil, nil
	}
	if m.MailFrom == "" {
		return nil, usage("--smtp needs --mail-from, the address that the mail comes from")
	}
	server, err := mail.ParseServer(m.SMTP)
	if err != nil {
		return nil, usage("--smtp: %v", err)
	}
	if (server.User == "") != (m.SMTPPassword == "") {
		return nil, usage("a user in --smtp and --smtp-password-file go together")
	}
	if m.SMTPPassword != "" {
		password, err := os.ReadFile(m.SMTPPassword)
		if err != nil {
			return nil, fmt.Errorf("the password of --smtp: %w", err)
		}
		server.Password = string(bytes.TrimRight(password, "\r\n"))
	}
	public, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	carrier, err := mail.NewSMTP(server, m.MailFrom, public.Hostname())
	if err == nil && m.MailReturn != "" {
		err = carrier.ReturnTo(m.MailReturn)
	}
	if err != nil {
		return nil, usage("%v", err)
	}
	return carrier, nil
}

type mailCommands struct {
	Bounce mailBounceCommand `cmd:"" help:"Take a mail that came back, on the standard input, from the mail server of the machine."`
}

type mailBounceCommand struct {
	place
}

// Run reads one report that a mail could not be delivered. It says what was wrong with
// what is no such report, and refuses it: the mail server keeps it.
func (m *mailBounceCommand) Run(ctx context.Context, c *console) error {
	message, err := io.ReadAll(io.LimitReader(os.Stdin, notify.MaxReport+1))
	if err != nil {
		return fmt.Errorf("reading the mail: %w", err)
	}
	house, err := c.open(ctx, m.at())
	if err != nil {
		return err
	}
	defer house.Close()
	return house.Notify.Bounce(ctx, message)
}
