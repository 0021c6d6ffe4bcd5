// Package mailtest gives tests a real SMTP server, which keeps what it takes.
package mailtest
