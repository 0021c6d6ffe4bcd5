// Package webdav lets the file managers of computers open files as a drive: it speaks WebDAV (RFC 4918, classes 1
// and 2) at /dav/, by golang.org/x/net/webdav.
//
// It owns the locks, which all the nodes share, what programs note of files (dead properties), and the tables
// webdav_*. The files themselves, who reaches them and what is kept of each are a [Tree]'s; who comes, by the
// password of a device, is account's, and the way of a request core/web's.
package webdav
