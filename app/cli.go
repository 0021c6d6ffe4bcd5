package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"preau/directory/feed"
)

// Exit codes, which scripts may rely on.
const (
	exitDone    = 0
	exitRefused = 1 // nothing was changed by what was refused
	exitUsage   = 2
)

// commands is the command line.
type commands struct {
	Demo      demoCommand       `cmd:"" help:"Serve a portal of fictional schools, and print logins to try it with."`
	Serve     serveCommand      `cmd:"" help:"Serve the portal."`
	Feed      feedCommands      `cmd:"" help:"Take deliveries of the AAF into the register."`
	Onde      ondeCommand       `cmd:"" help:"Take a school's extractions of ONDE into the register."`
	Reception receptionCommands `cmd:"" help:"Look after the accounts by which académies deliver, and what came."`
	Directory directoryCommand  `cmd:"" help:"Look at the register."`
	Referents referentsCommand  `cmd:"" help:"Record whom to call, from a CSV."`
	Admin     adminCommand      `cmd:"" help:"Look after the people who run the installation."`
	Village   villageCommand    `cmd:"" help:"Write the deliveries of a fictional village."`

	Removal removalCommand `cmd:"" help:"Open what was taken back from a stolen account."`

	Mail mailCommands `cmd:"" help:"Take the mail that came back."`

	Blobs blobsCommands `cmd:"" help:"Look after the files that people attach."`

	Federation federationCommands `cmd:"" help:"Declare the identity providers by which people come in."`

	Version kong.VersionFlag `help:"Print the version and quit."`
}

// version is that of the program, as the go command stamped it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "preau (unknown version)"
	}
	return "preau " + info.Main.Version + " " + info.GoVersion
}

// place is the flags of every command that opens a register.
type place struct {
	Data string `help:"Folder of the installation." default:"./preau-data" type:"path" placeholder:"DIR"`
	DB   string `name:"db" help:"Database, postgres://…; without it, a SQLite file in the folder." placeholder:"URL"`
	Key  string `help:"File of the master key; without it, \"key\" in the folder." type:"path" placeholder:"FILE"`

	Blobs     string `help:"Where the files are that people attach: a folder, /…, or a bucket, s3://BUCKET/PREFIX?endpoint=https://…&region=…, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment; without it, \"blobs\" in the folder." placeholder:"PLACE"`
	BlobsAlso string `help:"Where some of them are still, while they move: see preau blobs copy." placeholder:"PLACE"`
}

func (p place) at() Place { return Place(p) }

// flags are the flags that name the same place to another process.
func (p place) flags() []string {
	flags := []string{"--data", p.Data}
	if p.DB != "" {
		flags = append(flags, "--db", p.DB)
	}
	if p.Key != "" {
		flags = append(flags, "--key", p.Key)
	}
	if p.Blobs != "" {
		flags = append(flags, "--blobs", p.Blobs)
	}
	if p.BlobsAlso != "" {
		flags = append(flags, "--blobs-also", p.BlobsAlso)
	}
	return flags
}

// console is where a command writes: answers on out, everything else on err.
type console struct {
	out, err io.Writer
	log      *slog.Logger
}

// Main runs the command line until it is done or interrupted, and gives its
// exit code.
func Main(args []string, out, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, out, stderr)
}

func run(ctx context.Context, args []string, out, stderr io.Writer) int {
	var c commands
	exit := -1
	parser, err := kong.New(&c,
		kong.Name("preau"),
		kong.Description("An ENT for primary schools: one portal, fed by the State's directory."),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(out, stderr), kong.Exit(func(code int) { exit = code }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Vars{"version": version()},
	)
	if err != nil {
		fmt.Fprintln(stderr, "preau:", err)
		return exitUsage
	}
	line, err := parser.Parse(args)
	if exit == 0 { // --help, --version
		return exitDone
	}
	if err != nil {
		fmt.Fprintf(stderr, "preau: %v\nTry:\n\n  preau --help\n", err)
		return exitUsage
	}
	term := &console{out, stderr, slog.New(slog.NewTextHandler(stderr, nil))}
	return term.code(line.Run(term))
}

// errUsage is a command that cannot be run as it was written.
var errUsage = errors.New("usage")

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// code says an error once, and gives its exit code.
func (c *console) code(err error) int {
	var refusal *feed.Refusal
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errUsage):
		c.complain(err)
		return exitUsage
	case errors.As(err, &refusal):
		c.complain(refusal)
	default:
		c.complain(err)
	}
	return exitRefused
}

// complain says what went wrong: to somebody at a terminal on lines that fit it, to a
// script or a file of log on one.
func (c *console) complain(err error) {
	text := "preau: " + err.Error() + "\n"
	if onTerminal(c.err) {
		text = fold(text)
	}
	fmt.Fprint(c.err, text)
}

// open opens the installation of a command.
func (c *console) open(ctx context.Context, at Place) (*House, error) { return Open(ctx, at, c.log) }
