package notify

import "testing"

// Whatever comes on the pipe of a mail server is read, or refused in a sentence.
func FuzzReport(f *testing.F) {
	for _, seed := range []string{
		"", "hello", "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n" +
			"Reporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x>\r\n\r\n--B--\r\n",
		"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n", "Content-Transfer-Encoding: base64\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"\"\r\n\r\n=",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := readReport(raw)
		if err != nil && r.final && len(r.tokens) > 1<<16 {
			t.Errorf("%d tokens", len(r.tokens))
		}
		for _, token := range r.tokens {
			if letters.DecodedLen(len(token)) != idSize+4+tokenMAC {
				t.Errorf("a token of no length: %q", token)
			}
		}
	})
}
