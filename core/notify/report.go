package notify

import (
	"bufio"
	"bytes"
	"io"
	"mime"
	netmail "net/mail"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/textproto"

	"preau/core/fail"
)

// MaxReport is how much of a message that came back is read.
const MaxReport = 1 << 20

// report is what a message that came back says.
type report struct {
	final  bool     // its message will never be delivered, because of the address
	tokens []string // by which its message may be known
}

// verp finds what a return path or an identifier of ours holds, in either of which RFC 5322
// lets a token stand.
var verp = regexp.MustCompile(`(?i)[+.]([a-z2-7]{36})@`)

// readReport reads a delivery status notification (RFC 3464).
func readReport(raw []byte) (r report, err error) {
	if len(raw) > MaxReport {
		return r, fail.New(fail.Invalid, "the message is longer than %d bytes: it is no report that a mail came back", MaxReport)
	}
	whole, err := message.Read(bytes.NewReader(raw))
	if err != nil && (whole == nil || !message.IsUnknownCharset(err)) {
		return r, fail.New(fail.Invalid, "the message cannot be read: %w", err)
	}
	kind, params, err := mime.ParseMediaType(whole.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return r, fail.New(fail.Invalid, "the message is not a delivery status notification (RFC 3464, multipart/report)")
	}
	for _, name := range []string{"To", "Delivered-To", "X-Original-To", "Envelope-To"} {
		r.look(whole.Header.Get(name))
	}
	parts := whole.MultipartReader()
	if parts == nil {
		return r, fail.New(fail.Invalid, "the report has no parts")
	}
	status := false
	for range 8 {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if part == nil || err != nil && !message.IsUnknownCharset(err) {
			return r, fail.New(fail.Invalid, "the report is cut short: %w", err)
		}
		of, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		switch of {
		case "message/delivery-status", "message/global-delivery-status":
			status = true
			if r.final, err = finalIn(part.Body); err != nil {
				return r, err
			}
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			about, err := netmail.ReadMessage(io.MultiReader(io.LimitReader(part.Body, MaxReport), strings.NewReader("\r\n\r\n")))
			if err != nil {
				continue // the way back may know it still
			}
			r.look(about.Header.Get("Message-Id"))
			r.look(about.Header.Get("Return-Path"))
		}
	}
	if !status {
		return r, fail.New(fail.Invalid, "the report says nothing of a delivery (RFC 3464, 2.1)")
	}
	return r, nil
}

// look finds what the message may be known by in a header.
func (r *report) look(header string) {
	for _, found := range verp.FindAllStringSubmatch(header, 4) {
		r.tokens = append(r.tokens, strings.ToLower(found[1]))
	}
}

// finalIn reads the groups of fields of a report, of the message and then of each recipient
// (RFC 3464, 2.1), and tells whether one of them failed for good because of the address: its
// status is of class 5, and neither of policy (X.7) nor of the mailbox's size (X.2.2, X.2.3).
func finalIn(body io.Reader) (final bool, err error) {
	text := bufio.NewReader(io.LimitReader(body, MaxReport))
	for range 64 {
		group, err := textproto.ReadHeader(text)
		if err != nil && group.Len() == 0 {
			if _, more := text.Peek(1); more != nil {
				return final, nil
			}
			return final, fail.New(fail.Invalid, "the report has a line that is no field: %w", err)
		}
		status := strings.TrimSpace(group.Get("Status"))
		if strings.EqualFold(strings.TrimSpace(group.Get("Action")), "failed") && strings.HasPrefix(status, "5.") &&
			!strings.HasPrefix(status, "5.7.") && !strings.HasPrefix(status, "5.2.2") && !strings.HasPrefix(status, "5.2.3") {
			final = true
		}
		if _, more := text.Peek(1); more != nil {
			return final, nil
		}
	}
	return final, nil
}
