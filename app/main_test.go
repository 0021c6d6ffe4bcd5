package app

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"preau/test/browser"
)

// TestMain makes the test binary the command too, so that scripts and the
// test that kills it run the real one, in a process of its own.
func TestMain(m *testing.M) {
	command := func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }
	if os.Getenv(asCommand) != "" {
		command()
	}
	testscript.Main(tests{m}, map[string]func(){"preau": command})
}

// asCommand is the variable that makes the test binary the command.
const asCommand = "PREAU_TEST_AS_COMMAND"

type tests struct{ *testing.M }

func (t tests) Run() int { return browser.Run(t.M) }

// TestScripts runs the command line as an operator does: see
// testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
		RequireExplicitExec: true,
	})
}

// exits runs a command and wants an exit code: "exits 2 preau feed".
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want := args[0]
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = err.Error()[len("exit status "):]
	}
	if got != want {
		ts.Fatalf("%v exits with %s, want %s", args[1:], got, want)
	}
}
