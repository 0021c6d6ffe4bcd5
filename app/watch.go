package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"preau/core/rank"
	"preau/exchange/reception"
)

// watched is the folder where deliveries are put, and how often it is looked at.
type watched struct {
	Inbox string        `help:"Folder where deliveries are put: fed as they come, answered, and kept sealed." type:"path" placeholder:"DIR"`
	Poll  time.Duration `help:"How often the inbox is looked at; what looks the same twice is complete." default:"10s"`
}

// checked refuses what cannot be watched.
func (w watched) checked() error {
	if w.Poll < 50*time.Millisecond {
		return usage("--poll %s: look at the inbox twenty times a second at most", w.Poll)
	}
	info, err := os.Stat(w.Inbox)
	if err != nil {
		return fmt.Errorf("--inbox: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("--inbox %s is not a folder", w.Inbox)
	}
	return nil
}

type receptionWatchCommand struct {
	place
	watched
	Beside bool `hidden:"" help:"End when the standard input does: with the server that started it."`
}

// Run watches until it is told to stop.
func (o *receptionWatchCommand) Run(ctx context.Context, c *console) error {
	if o.Inbox == "" {
		return usage("--inbox says which folder to watch")
	}
	if err := o.checked(); err != nil {
		return err
	}
	if o.Beside {
		var end context.CancelFunc
		ctx, end = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // until the server is no more, however it ended
			end()
		}()
	}
	spareMemory()
	house, err := c.open(ctx, o.at())
	if err != nil {
		return err
	}
	defer house.Close()
	house.DB.Gently()
	w := reception.NewWatcher(house.Reception, o.Inbox)
	w.Poll = o.Poll
	return stopped(ctx, w.Run(ctx))
}

// watchBeside watches a folder in a process of its own, until ctx ends: a feed
// takes nothing of the server's memory, and leaves a processor to its pages. One
// that ends by itself, such as for want of memory, is started again.
func (c *console) watchBeside(ctx context.Context, at place, w watched) error {
	for pause := w.Poll; ; pause = min(2*pause, time.Minute) {
		began := time.Now()
		if err := c.beside(ctx, at, w); ctx.Err() == nil {
			c.log.Error("the inbox is not watched for a moment", "error", err)
		}
		if time.Since(began) > time.Minute {
			pause = w.Poll
		}
		if err := rest(ctx, pause); err != nil {
			return err
		}
	}
}

// beside runs the process that watches.
func (c *console) beside(ctx context.Context, at place, w watched) error {
	program, err := itself()
	if err != nil {
		return err
	}
	watch := exec.CommandContext(ctx, program, append([]string{
		"reception", "watch", "--beside", "--inbox", w.Inbox, "--poll", w.Poll.String(),
	}, at.flags()...)...)
	watch.Stdout, watch.Stderr = c.err, c.err
	// One processor is left for pages.
	watch.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", max(1, runtime.NumCPU()-1)))
	hold, err := watch.StdinPipe() // nobody writes to it: it closes with this process
	if err != nil {
		return err
	}
	defer hold.Close()
	watch.Cancel, watch.WaitDelay = hold.Close, 30*time.Second
	started := make(chan error)
	go func() {
		// What a thread starts has its rank. It ends with this function, since
		// nothing unlocks it.
		runtime.LockOSThread()
		if err := rank.Yield(); err != nil {
			c.log.Warn("the inbox is watched at the rank of pages", "error", err)
		}
		started <- watch.Start()
	}()
	if err := <-started; err != nil {
		return err
	}
	if err := watch.Wait(); err != nil {
		return err
	}
	return errors.New("the process that watched it has ended")
}

// itself is the program that runs, even when another release has been put in its
// place meanwhile: that one is not to change the tables under this server.
func itself() (string, error) {
	const running = "/proc/self/exe"
	if exists(running) {
		return running, nil
	}
	return os.Executable()
}

// rest waits, unless the work is over meanwhile.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}
