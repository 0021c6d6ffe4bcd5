package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/sync/errgroup"

	"preau/core/rank"
	"preau/core/web"
)

type serveCommand struct {
	place
	watched
	mailed
	texted
	looked
	Addr  string         `help:"Address to listen on." default:"127.0.0.1:8080"`
	Proxy []netip.Prefix `help:"Machines in front, other than this one, that carry TLS and append the visitor's address to X-Forwarded-For." placeholder:"CIDR"`
	URL   string         `name:"url" help:"Public address, https://…: the only source of absolute links. Required when --addr is not a loopback address." placeholder:"URL"`
}

// Run serves until it is told to stop.
func (s *serveCommand) Run(ctx context.Context, c *console) error {
	if s.URL == "" {
		if !loopback(s.Addr) {
			return usage("--addr %s is not a loopback address: give the public address with --url https://…", s.Addr)
		}
		s.URL = "http://" + s.Addr
	}
	if err := linkURL(s.URL); err != nil {
		return err
	}
	if s.Inbox != "" {
		if err := s.checked(); err != nil {
			return err
		}
	}
	carrier, err := s.carrier(s.URL)
	if err != nil {
		return err
	}
	gateway, err := s.gateway()
	if err != nil {
		return err
	}
	scanner, err := s.scanner()
	if err != nil {
		return err
	}
	house, err := c.open(ctx, s.at())
	if err != nil {
		return err
	}
	defer house.Close()
	house.Notify.Gateway, house.files.Scanner = gateway, scanner
	house.previews(ctx, s.PreviewUnboxed)
	house.Accounts.Strict = true // what is served for real holds real people
	if house.Demo {
		return errors.New("this folder holds the fictional data of a demo, which is never served for real: give another one with --data")
	}
	if carrier != nil {
		defer carrier.Close()
		house.sends(carrier, s.URL)
	}
	group, ctx := errgroup.WithContext(ctx)
	if s.Inbox != "" {
		group.Go(func() error { return stopped(ctx, c.watchBeside(ctx, s.place, s.watched)) })
	}
	group.Go(func() error {
		return house.serve(ctx, s.Addr, s.URL, s.Proxy, func(*web.Site) error {
			c.log.Info("the portal is open", "url", s.URL)
			return nil
		})
	})
	return group.Wait()
}

// serve listens, calls open when the portal is about to be ready, and runs
// until ctx ends.
func (h *House) serve(ctx context.Context, addr, url string, proxies []netip.Prefix, open func(*web.Site) error) error {
	site, err := h.site(url, proxies...)
	if err != nil {
		return err
	}
	h.look(ctx)
	rank.Widen()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return web.Serve(ctx, listener, site, h.Log) })
	group.Go(func() error { return stopped(ctx, site.Calm.Run(ctx)) })
	group.Go(func() error { return stopped(ctx, h.Jobs.Run(ctx)) })
	group.Go(func() error { return stopped(ctx, h.Accounts.Run(ctx, h.Log)) })
	group.Go(func() error {
		if err := open(site); err != nil {
			return err
		}
		site.SetReady(true)
		return nil
	})
	return group.Wait()
}

// stopped forgets the error of what ended because it was told to.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && (errors.Is(err, context.Cause(ctx)) || errors.Is(err, ctx.Err())) {
		return nil
	}
	return err
}
