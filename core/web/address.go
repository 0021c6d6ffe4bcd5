package web

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// CheckURL tells why an address cannot be the public one.
func CheckURL(address string) error {
	_, err := publicURL(address)
	return err
}

// publicURL reads the public address. Off a loopback address it must be
// https: a session would otherwise travel in the clear.
func publicURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("web: the public address cannot be read: %w", err)
	}
	if u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("web: the public address %q must be a scheme and a host, such as https://ent.example.fr", s)
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && loopback(u.Hostname()):
	default:
		return nil, fmt.Errorf("web: the public address %q must be https", s)
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// ours tells whether a Host header names this site. On a loopback address,
// its other names are taken too.
func (s *Site) ours(host string) bool {
	name, port := splitHost(host, s.url.Scheme)
	ownName, ownPort := splitHost(s.url.Host, s.url.Scheme)
	if port != ownPort {
		return false
	}
	return name == ownName || !s.secure && loopback(name)
}

// splitHost parts a host from its port, which is the scheme's own when it is
// not written.
func splitHost(host, scheme string) (name, port string) {
	u := url.URL{Host: strings.ToLower(host)}
	if port = u.Port(); port == "" {
		port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return u.Hostname(), port
}

// address finds the browser's address. X-Forwarded-For is believed only when
// it comes from our own proxy, and then only its last entry, which that proxy
// wrote; what stands before it may be anybody's invention.
func (s *Site) address(r *http.Request) netip.Addr {
	peer := peer(r)
	if !s.secure || !s.trusted(peer) {
		return peer
	}
	entries := r.Header.Values("X-Forwarded-For")
	if len(entries) == 0 {
		return peer
	}
	last := entries[len(entries)-1]
	last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	addr, err := netip.ParseAddr(last)
	if err != nil {
		return peer
	}
	return addr.Unmap()
}

func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

func (s *Site) trusted(peer netip.Addr) bool {
	if peer.IsLoopback() {
		return true
	}
	for _, proxy := range s.Proxies {
		if proxy.Contains(peer) {
			return true
		}
	}
	return false
}
