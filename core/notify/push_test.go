package notify_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/notify"
	"preau/core/school"
)

// aKey and anAuth are keys that a browser might have.
var aKey, anAuth = func() (string, string) {
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(private.PublicKey().Bytes()), base64.RawURLEncoding.EncodeToString(make([]byte, 16))
}()

// phone is a browser and the service through which it is reached: a real server, over
// TLS, that decrypts what comes.
type phone struct {
	t       *testing.T
	server  *httptest.Server
	private *ecdh.PrivateKey
	auth    []byte

	mu     sync.Mutex
	status int
	came   []string
	raw    []byte
	header http.Header
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &phone{t: t, private: private, auth: make([]byte, 16), status: http.StatusCreated}
	rand.Read(p.auth)
	p.server = httptest.NewTLSServer(p)
	t.Cleanup(p.server.Close)
	return p
}

func (p *phone) at() notify.Reached {
	return notify.Reached{
		Endpoint: p.server.URL + "/send/abc", Key: base64.RawURLEncoding.EncodeToString(p.private.PublicKey().Bytes()),
		Auth: base64.RawURLEncoding.EncodeToString(p.auth),
	}
}

func (p *phone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Error(err)
	}
	p.raw, p.header = body, r.Header
	p.came = append(p.came, p.decrypt(body))
	w.WriteHeader(p.status)
}

// decrypt opens a message of one record (RFC 8291, 3.4; RFC 8188, 2).
func (p *phone) decrypt(body []byte) string {
	fatal := func(err error) {
		if err != nil {
			p.t.Error(err)
			panic(http.ErrAbortHandler)
		}
	}
	salt, size, sender := body[:16], int(body[20]), []byte(nil)
	if binary.BigEndian.Uint32(body[16:20]) < 18 || size != 65 {
		p.t.Errorf("a header of RFC 8188 with a key of %d bytes", size)
		return ""
	}
	sender = body[21 : 21+size]
	public, err := ecdh.P256().NewPublicKey(sender)
	fatal(err)
	secret, err := p.private.ECDH(public)
	fatal(err)
	info := "WebPush: info\x00" + string(p.private.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, secret, p.auth, info, 32)
	fatal(err)
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	fatal(err)
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	fatal(err)
	block, err := aes.NewCipher(key)
	fatal(err)
	gcm, err := cipher.NewGCM(block)
	fatal(err)
	plain, err := gcm.Open(nil, nonce, body[21+size:], nil)
	fatal(err)
	return strings.TrimRight(string(plain), "\x00")[:strings.LastIndexByte(string(plain), 2)]
}

// take gives what came since the last time.
func (p *phone) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	came := p.came
	p.came = nil
	return came
}

// pushes has push notifications leave a town, to a phone of somebody's.
func (h *town) pushes(person, session school.ID) *phone {
	h.T.Helper()
	p := newPhone(h.T)
	h.Write(func(tx *db.Tx) (err error) {
		if h.Push == nil {
			if h.Push, err = notify.OpenPusher(tx, h.House.Key); err != nil {
				return err
			}
		}
		h.Push.Through(p.server.Client())
		return h.SubscribeHere(tx, person, session, p.at())
	})
	return p
}

// A push notification says a number and no name, at once, outside of quiet hours, and ends
// with the session in which it was asked for.
func TestPushNotifications(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.choose(f.mother, func(c *notify.Choice) { c.Mail = notify.Never })
		h.sweep("2026-10-05 11:00")
		h.publish(families(f.class)) // before she asked: it is on her home page
		h.at("2026-10-05 11:05")
		p := h.pushes(f.mother, 7)
		h.sweep("2026-10-05 11:10")
		if came := p.take(); len(came) != 0 {
			h.T.Errorf("what was there before: %q", came)
		}
		h.publish(audience.Audience{Place: audience.Family, Of: f.pupil}, expects(audience.OneOfThem, "2026-10-09"))
		h.sweep("2026-10-05 11:12")
		came := p.take()
		if len(came) != 1 {
			h.T.Fatalf("%d notifications", len(came))
		}
		var said struct{ Text, Path string }
		if err := json.Unmarshal([]byte(came[0]), &said); err != nil || said.Path != "/" || !strings.HasPrefix(said.Text, "1 réponse attendue") {
			h.T.Errorf("it says %s: %v", came[0], err)
		}
		if strings.Contains(came[0], h.Who(f.pupil).First) || strings.Contains(came[0], "secret") {
			h.T.Errorf("it tells more: %s", came[0])
		}
		if got := p.header.Get("Authorization"); !strings.HasPrefix(got, "vapid t=") || p.header.Get("TTL") == "" {
			h.T.Errorf("the headers of RFC 8292: %q", got)
		}
		h.sweep("2026-10-05 11:14")
		if came := p.take(); len(came) != 0 {
			h.T.Errorf("told again: %q", came)
		}
		h.at("2026-10-05 21:00")
		h.publish(families(f.class))
		h.sweep("2026-10-05 21:05")
		if came := p.take(); len(came) != 0 {
			h.T.Errorf("in quiet hours: %q", came)
		}
		h.sweep("2026-10-06 07:00")
		if came := p.take(); len(came) != 1 {
			h.T.Errorf("after them: %q", came)
		}
		h.evening("2026-10-08 18:30")
		if came := p.take(); len(came) != 1 || !strings.Contains(came[0], "au plus tard demain") {
			h.T.Errorf("the day before the last: %q", came)
		}
		h.Write(func(tx *db.Tx) error { return notify.SignedOut(tx, 7) })
		h.publish(families(f.class))
		h.sweep("2026-10-09 12:00")
		if came := p.take(); len(came) != 0 {
			h.T.Errorf("after signing out: %q", came)
		}
	})
}

// A browser that is not there any more is forgotten.
func TestABrowserThatIsGone(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		h.sweep("2026-10-05 11:00")
		p := h.pushes(f.mother, 7)
		p.status = http.StatusGone
		h.at("2026-10-05 11:01")
		h.publish(families(f.class))
		h.sweep("2026-10-05 11:05")
		if came := p.take(); len(came) != 1 {
			h.T.Fatalf("%d notifications", len(came))
		}
		h.Read(func(tx *db.Tx) error {
			left, err := h.SubscriptionsOf(tx, f.mother)
			if len(left) != 0 {
				h.T.Errorf("%d browsers are left", len(left))
			}
			return err
		})
	})
}

// The keys of the installation are made once, and sealed.
func TestTheKeysOfPushAreMadeOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		var first, second *notify.Pusher
		h.Write(func(tx *db.Tx) (err error) {
			if first, err = notify.OpenPusher(tx, h.House.Key); err == nil {
				second, err = notify.OpenPusher(tx, h.House.Key)
			}
			return err
		})
		if first.Public == "" || first.Public != second.Public {
			h.T.Errorf("%q, then %q", first.Public, second.Public)
		}
	})
}

// Nobody has this machine knock at doors that are not theirs.
func TestOnlyPublicAddressesAreReached(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.separated()
		for _, endpoint := range []string{
			"", "http://push.example.org/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.1.2.3/x", "https://192.168.1.1/x", "https://169.254.169.254/latest",
			"https://[fe80::1]/x", "https://[::ffff:10.0.0.1]/x", "https://localhost/x", "https://database/x", "https://push.example.org:8443/x",
			"https://user@push.example.org/x", "https://100.64.0.1/x", "https://0.0.0.0/x", "https://[64:ff9b::a00:1]/x", "ftp://push.example.org/x",
		} {
			err := h.House.DB.Write(h.T.Context(), func(tx *db.Tx) error {
				return h.Subscribe(tx, f.mother, 7, "", notify.Reached{Endpoint: endpoint, Key: aKey, Auth: anAuth})
			})
			if err == nil {
				h.T.Errorf("%q is taken", endpoint)
			}
		}
		h.Write(func(tx *db.Tx) error {
			return h.Subscribe(tx, f.mother, 7, "", notify.Reached{Endpoint: "https://push.example.org/x", Key: aKey, Auth: anAuth})
		})
		for name, r := range map[string]notify.Reached{
			"no key": {"https://push.example.org/x", "", anAuth}, "a short auth": {"https://push.example.org/x", aKey, "AAAA"},
			"not a point": {"https://push.example.org/x", strings.Repeat("A", 87), anAuth},
		} {
			if h.House.DB.Write(h.T.Context(), func(tx *db.Tx) error { return h.Subscribe(tx, f.mother, 7, "", r) }) == nil {
				h.T.Errorf("%s is taken", name)
			}
		}
	})
	here := httptest.NewTLSServer(http.NotFoundHandler())
	defer here.Close()
	client := notify.Outward()
	// A name that leads here: what is refused is refused at the dial.
	for _, to := range []string{here.URL, strings.Replace(here.URL, "127.0.0.1", "localhost", 1)} {
		if answer, err := client.Get(to); err == nil || !strings.Contains(err.Error(), "no public address") {
			t.Errorf("%s is reached: %v, %v", to, answer, err)
		}
	}
}
